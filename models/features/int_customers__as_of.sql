{{ config(
    pre_hook='{{ remove_stale(this, "customer_id") }}',
    post_hook='{{ remaining_passes(this, customer_passes()) }}'
) }}

with customers as (
    select * from {{ ref('customers') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

days as (
    select * from {{ ref('int_days__summed') }}
),

crossed as (
    select
        customers.customer_id,
        as_of_dates.as_of_date,
        as_of_dates.is_current
    from customers
    cross join as_of_dates
    where
        {{ in_pass('customers.customer_id') }}
        and {{ is_stale('as_of_dates.as_of_date', 'customers.customer_id') }}
),

summed as (
    select
        days.customer_id,
        as_of_dates.as_of_date,
        cast(sum(days.order_count) as bigint) as order_count,
        cast(sum(days.spend_cents) as bigint) as spend_cents,
        count(*) as active_day_count,
        cast(sum(days.opened_month_count) as bigint) as active_month_count,
        cast(sum(days.holiday_order_count) as bigint) as holiday_order_count,
        cast(sum(days.promotion_week_order_count) as bigint) as promotion_week_order_count,
        min(days.order_date) as first_order_date,
        max(days.order_date) as last_order_date,
        count(days.gap_days) as gap_count,
        cast(sum(days.gap_days) as bigint) as gap_days,
        cast(sum(days.gap_days * days.gap_days) as bigint) as squared_gap_days,
        max(days.gap_days) as longest_gap_days
    from days
    inner join as_of_dates on days.order_date < as_of_dates.as_of_date
    where
        {{ in_pass('days.customer_id') }}
        and {{ is_stale('as_of_dates.as_of_date', 'days.customer_id') }}
    group by days.customer_id, as_of_dates.as_of_date
),

counted as (
    select
        crossed.customer_id,
        crossed.as_of_date,
        crossed.is_current,
        coalesce(summed.order_count, 0) as order_count,
        coalesce(summed.spend_cents, 0) as spend_cents,
        coalesce(summed.active_day_count, 0) as active_day_count,
        coalesce(summed.active_month_count, 0) as active_month_count,
        coalesce(summed.holiday_order_count, 0) as holiday_order_count,
        coalesce(summed.promotion_week_order_count, 0) as promotion_week_order_count,
        summed.first_order_date,
        summed.last_order_date,
        coalesce(summed.gap_count, 0) as gap_count,
        summed.gap_days,
        summed.squared_gap_days,
        summed.longest_gap_days
    from crossed
    left join summed
        on crossed.customer_id = summed.customer_id and crossed.as_of_date = summed.as_of_date
)

select * from counted
