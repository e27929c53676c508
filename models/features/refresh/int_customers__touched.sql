{% set carried = carries_on() %}
{% set orders_before = relation_of_last_run('features', 'int_orders__totalled') if carried %}

with changed_orders as {{ inlined() }} (
    select * from {{ ref('int_orders__changed') }}
),

changed_products as (
    select * from {{ ref('int_products__changed') }}
),

records as (
    select * from {{ ref('int_records__changed') }}
),

orders as (
    select * from {{ ref('input_orders') }}
),

customer_records as {{ inlined() }} (
    select * from {{ ref('customer_records') }}
),

order_lines as (
    select * from {{ ref('input_order_lines') }}
),

events as (
    select * from {{ ref('int_events__changed') }}
    where entity = 'context'
),

gathered as (
    select customer_id from records
    union all
    select customer_records.customer_id
    from customer_records
    cross join events
    union all
    select customer_records.customer_id
    from changed_orders
    inner join orders
        on changed_orders.source = orders.source and changed_orders.order_id = orders.order_id
    inner join customer_records
        on
            orders.source = customer_records.source
            and orders.source_customer_id = customer_records.source_customer_id
    {% if orders_before %}
    union all
    select orders_before.customer_id
    from {{ orders_before }} as orders_before
    inner join changed_orders
        on
            orders_before.source = changed_orders.source
            and orders_before.order_id = changed_orders.order_id
    union all
    select orders_before.customer_id
    from order_lines
    inner join changed_products
        on
            order_lines.source = changed_products.source
            and order_lines.product_id = changed_products.product_id
    inner join {{ orders_before }} as orders_before
        on
            order_lines.source = orders_before.source
            and order_lines.order_id = orders_before.order_id
    {% endif %}
),

touched as (
    select distinct customer_id
    from gathered
    where customer_id is not null
)

select * from touched
