{% set before = relation_of_last_run('features', 'int_records__remembered') if carries_on() %}

with customer_records as (
    select source, source_customer_id, customer_id from {{ ref('customer_records') }}
    {{ 'where 1 = 0' if not before }}
),

remembered as (
    select source, source_customer_id, customer_id
    from {{ before or ref('customer_records') }}
    where {{ 'customer_id is not null' if before else '1 = 0' }}
),

changed as (
    (select * from customer_records except select * from remembered)
    union all
    (select * from remembered except select * from customer_records)
)

select * from changed
