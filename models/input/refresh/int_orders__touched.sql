-- depends_on: {{ ref('int_loads__changed') }}
{% set judged = relation_of_last_run('input', 'int_orders__judged') if carries_on() %}
{% set records = relation_of_last_run('features', 'int_records__remembered') if judged %}
{% set came = rows_of_changed_loads('orders') %}

with customers as (
    select source, source_customer_id from {{ ref('input_customers') }}
),

{% if judged %}
judged as (
    select * from {{ judged }}
),

remembered as (
    select source, source_customer_id from {{ records }}
),

loads as (
    select * from {{ ref('int_loads__changed') }}
),

changed_customers as (
    {{ differing_rows('customers', 'remembered') }}
),

came as (
    {{ came }}
),

gathered as (
    select source, order_id from came
    union all
    select judged.source, judged.order_id
    from judged
    inner join loads
        on judged.source = loads.source and cast(judged.loaded_at as date) = loads.loaded_on
    union all
    select source, order_id
    from judged
    where rejection_rule = '{{ future_rule() }}'
    union all
    select judged.source, judged.order_id
    from judged
    inner join changed_customers
        on
            judged.source = changed_customers.source
            and judged.source_customer_id = changed_customers.source_customer_id
),
{% else %}
gathered as (
    select source, source_customer_id as order_id from customers
    where 1 = 0
),
{% endif %}

touched as (
    select distinct source, coalesce(order_id, '') as order_id
    from gathered
)

select * from touched
