with orders as (
    select * from {{ ref('input_orders') }}
),

records as (
    select * from {{ ref('int_records__changed') }}
),

touched_orders as (
    select * from {{ ref('int_orders__touched') }}
),

touched_lines as (
    select * from {{ ref('int_order_lines__touched') }}
),

replaced_lines as (
    select * from {{ ref('int_order_lines__replaced') }}
),

gathered as (
    select source, order_id from touched_orders
    union all
    select source, order_id from touched_lines
    union all
    select source, coalesce(order_id, '') from replaced_lines
    union all
    select orders.source, orders.order_id
    from orders
    inner join records
        on
            orders.source = records.source
            and orders.source_customer_id = records.source_customer_id
),

keyed as (
    select distinct source, order_id
    from gathered
)

select * from keyed
