{{ config(pre_hook='{{ remove_stale(this) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

measured as (
    select
        customer_id,
        as_of_date,
        {{ ratio('holiday_order_count', 'order_count') }} as holiday_order_share,
        {{ ratio('promotion_week_order_count', 'order_count') }} as promotion_week_order_share
    from customers
    where order_count > 0
)

select * from measured
