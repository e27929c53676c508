{#- The thirty days before the as-of date: who bought what where, order by order. -#}
with as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

order_lines as (
    select * from {{ ref('int_order_lines__valued') }}
),

orders as (
    select * from {{ ref('int_orders__valued') }}
),

products as (
    select * from {{ ref('input_products') }}
),

recent as (
    select
        orders.customer_id,
        orders.source,
        orders.order_id,
        coalesce(orders.location_id, 'unknown') as location_id
    from orders
    inner join as_of_dates
        on
            as_of_dates.is_current
            and orders.order_date < as_of_dates.as_of_date
            and orders.order_date >= {{ move_date('as_of_dates.as_of_date', 'day', '-30') }}
),

bought as (
    select
        recent.customer_id,
        recent.source,
        recent.order_id,
        recent.location_id,
        coalesce(products.department, 'other') as department,
        cast(sum(greatest(coalesce(order_lines.quantity, 0), 0)) as decimal(18, 3)) as unit_count,
        cast(sum(order_lines.amount_cents) as bigint) as revenue_cents
    from recent
    inner join order_lines
        on recent.source = order_lines.source and recent.order_id = order_lines.order_id
    left join products
        on
            order_lines.source = products.source
            and order_lines.product_id = products.product_id
    where order_lines.is_counted
    group by
        recent.customer_id, recent.source, recent.order_id, recent.location_id,
        coalesce(products.department, 'other')
),

counted as (
    select
        customer_id,
        department,
        location_id,
        count(*) as order_count,
        cast(sum(unit_count) as decimal(18, 3)) as unit_count,
        cast(sum(revenue_cents) as bigint) as revenue_cents
    from bought
    group by customer_id, department, location_id
)

select * from counted
