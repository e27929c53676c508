with order_lines as (
    select * from {{ ref('input_order_lines') }}
),

products as (
    select * from {{ ref('input_products') }}
),

orders as (
    select * from {{ ref('int_orders__valued') }}
),

bought as (
    select
        orders.customer_id,
        products.category,
        min(orders.order_date) as first_order_date
    from order_lines
    inner join orders
        on order_lines.source = orders.source and order_lines.order_id = orders.order_id
    inner join products
        on
            order_lines.source = products.source
            and order_lines.product_id = products.product_id
    where products.category is not null
    group by orders.customer_id, products.category
)

select * from bought
