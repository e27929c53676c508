{{ config(materialized='view') }}
{% set onboarding = var('onboarding') %}

with orders as (
    select * from {{ ref('int_orders__valued') }}
),

days as (
    select * from {{ ref('int_days__summed') }}
),

begun as (
    select customer_id, order_date as first_order_date
    from days
    where gap_days is null
),

aged as (
    select
        orders.*,
        begun.first_order_date,
        {{ days_between('begun.first_order_date', 'orders.order_date') }} >= {{ onboarding.days }}
            as is_settled,
        orders.discount_cents + orders.coupon_cents > 0 as is_promoted
    from orders
    inner join begun on orders.customer_id = begun.customer_id
),

welcomed as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by order_date, order_hour nulls last, source, order_id
        ) <= {{ onboarding.first_orders }} as is_welcome
    from aged
    where is_promoted and not is_settled
    union all
    select
        *,
        false as is_welcome
    from aged
    where is_settled or not is_promoted
)

select * from welcomed
