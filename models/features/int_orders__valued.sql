{{ config(materialized='view') }}

with orders as (
    select * from {{ ref('int_orders__totalled') }}
),

valued as (
    select
        customer_id,
        source,
        order_id,
        order_date,
        order_hour,
        location_id,
        channel,
        line_count,
        unit_count,
        amount_cents,
        discount_cents,
        coupon_cents,
        discounted_line_count
    from orders
    where uncounted_reason is null and line_count > 0
)

select * from valued
