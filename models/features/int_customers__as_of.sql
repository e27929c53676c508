with customers as (
    select * from {{ ref('customers') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

orders as (
    select * from {{ ref('int_orders__valued') }}
),

days as (
    select
        customer_id,
        order_date,
        count(*) as order_count,
        cast(sum(amount_cents) as bigint) as spend_cents
    from orders
    group by customer_id, order_date
),

crossed as (
    select
        customers.customer_id,
        as_of_dates.as_of_date,
        as_of_dates.is_current
    from customers
    cross join as_of_dates
),

counted as (
    select
        crossed.customer_id,
        crossed.as_of_date,
        crossed.is_current,
        cast(coalesce(sum(days.order_count), 0) as bigint) as order_count,
        cast(coalesce(sum(days.spend_cents), 0) as bigint) as spend_cents,
        count(days.order_date) as active_day_count,
        min(days.order_date) as first_order_date,
        max(days.order_date) as last_order_date
    from crossed
    left join days
        on
            crossed.customer_id = days.customer_id
            and days.order_date < crossed.as_of_date
    group by crossed.customer_id, crossed.as_of_date, crossed.is_current
)

select * from counted
