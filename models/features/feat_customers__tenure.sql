with orders as (
    select * from {{ ref('int_orders__as_of') }}
),

measured as (
    select
        customer_id,
        as_of_date,
        max(days_ago) as tenure_days,
        count(distinct order_date) as active_day_count,
        count(distinct {{ dbt.date_trunc('month', 'order_date') }}) as active_month_count,
        count(*) as order_count
    from orders
    group by customer_id, as_of_date
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
    from measured
)

select * from rated
