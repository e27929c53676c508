{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
),

products as (
    select * from {{ ref('int_products__as_of') }}
),

united as (
    select
        'customer' as entity,
        customer_id,
        as_of_date,
        is_current,
        order_count,
        spend_cents,
        active_day_count,
        last_order_date
    from customers
    union all
    select
        'product' as entity,
        product_key as customer_id,
        as_of_date,
        is_current,
        order_count,
        amount_cents as spend_cents,
        cast(null as bigint) as active_day_count,
        last_order_date
    from products
)

select * from united
