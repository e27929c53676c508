{% set judged = relation_of_last_run('input', 'int_order_lines__judged') if carries_on() %}
{% set came = rows_of_changed_loads('order_lines') %}

with orders as {{ inlined() }} (
    select * from {{ ref('int_orders__touched') }}
),

loads as (
    select * from {{ ref('int_loads__changed') }}
),

{% if judged %}
judged as (
    select * from {{ judged }}
),

came as (
    {{ came }}
),

gathered as (
    select source, order_id, order_line_id from came
    union all
    select judged.source, judged.order_id, judged.order_line_id
    from judged
    inner join loads
        on judged.source = loads.source and cast(judged.loaded_at as date) = loads.loaded_on
    union all
    select judged.source, judged.order_id, judged.order_line_id
    from judged
    inner join orders on {{ same_key('judged', 'orders', ['source', 'order_id']) }}
),
{% else %}
gathered as (
    select source, order_id, order_id as order_line_id from orders
    where 1 = 0
),
{% endif %}

touched as (
    select distinct
        source,
        coalesce(order_id, '') as order_id,
        coalesce(order_line_id, '') as order_line_id
    from gathered
)

select * from touched
