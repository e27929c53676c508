{{ config(pre_hook='{{ remove_stale(this) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

aged as (
    select
        *,
        {{ days_between('first_order_date', 'as_of_date') }} as tenure_days
    from customers
    where order_count > 0
),

rated as (
    select
        customer_id,
        as_of_date,
        tenure_days,
        active_day_count,
        active_month_count,
        {{ ratio('order_count * 30', 'tenure_days') }} as orders_per_month,
        {{ ratio('order_count', 'active_day_count') }} as orders_per_active_day
    from aged
)

select * from rated
