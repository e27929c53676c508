{% set before = relation_of_last_run('features', 'int_records__remembered') if carries_on() %}
-- depends_on: {{ ref('int_refresh__planned') }}

with customers as (
    select * from {{ ref('input_customers') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

known as (
    select
        customer_records.source,
        customer_records.source_customer_id,
        customer_records.customer_id,
        customers.region
    from customer_records
    inner join customers
        on
            customer_records.source = customers.source
            and customer_records.source_customer_id = customers.source_customer_id
    {{ 'where 1 = 0' if not before }}
),

remembered as (
    select source, source_customer_id, customer_id, {{ 'region' if before else 'source as region' }}
    from {{ before or ref('customer_records') }}
    where {{ 'customer_id is not null' if before else '1 = 0' }}
),

differing as (
    {{ differing_rows('known', 'remembered') }}
),

changed as (
    select distinct source, source_customer_id, customer_id
    from differing
)

select * from changed
