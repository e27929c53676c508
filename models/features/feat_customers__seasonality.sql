{{ config(pre_hook='{{ remove_stale(this) }}') }}

with orders as (
    select * from {{ ref('int_orders__as_of') }}
    where {{ is_stale() }}
),

seasonal_index as (
    select * from {{ ref('seasonal_index') }}
),

seasons as (
    select as_of_date, month_of_year, seasonal_index
    from seasonal_index
    where department = '*'
),

known as (
    select distinct as_of_date
    from seasons
),

months as (
    select
        orders.customer_id,
        orders.as_of_date,
        {{ months_between('orders.order_date', 'orders.as_of_date') }} as months_ago,
        cast(extract(month from orders.order_date) as int) as month_of_year,
        max(orders.days_ago) as oldest_days_ago,
        sum(orders.amount_cents) as amount_cents,
        sum(case when orders.days_ago <= 90 then orders.amount_cents end) as recent_cents,
        sum(case when orders.days_ago between 366 and 455 then orders.amount_cents end)
            as past_cents,
        sum(case when orders.days_ago <= 365 then orders.amount_cents end) as year_cents
    from orders
    inner join known on orders.as_of_date = known.as_of_date
    group by
        orders.customer_id,
        orders.as_of_date,
        {{ months_between('orders.order_date', 'orders.as_of_date') }},
        cast(extract(month from orders.order_date) as int)
),

adjusted as (
    select
        months.*,
        cast(round(months.amount_cents / nullif(seasons.seasonal_index, 0), 0) as bigint)
            as adjusted_cents
    from months
    left join seasons
        on
            months.as_of_date = seasons.as_of_date
            and months.month_of_year = seasons.month_of_year
),

quarters as (
    select
        customer_id,
        as_of_date,
        sum(year_cents) as year_cents
    from adjusted
    group by customer_id, as_of_date, floor((month_of_year - 1) / 3)
),

peaks as (
    select
        customer_id,
        as_of_date,
        {{ ratio('max(year_cents)', 'sum(year_cents)') }} as peak_quarter_share
    from quarters
    group by customer_id, as_of_date
),

summed as (
    select
        customer_id,
        as_of_date,
        case when max(max(oldest_days_ago)) over (partition by as_of_date) >= 455
            then {{ ratio('coalesce(sum(recent_cents), 0)', 'sum(past_cents)') }}
        end as same_period_index,
        {{ ratio(
            'sum(sum(recent_cents)) over (partition by as_of_date)',
            'sum(sum(past_cents)) over (partition by as_of_date)'
        ) }} as company_index,
        {{ double(
            'coalesce(sum(case when months_ago between 1 and 12 then adjusted_cents end), 0)'
        ) }} / 12 as adjusted_spend_cents_per_month,
        {{ double(
            'coalesce(sum(case when months_ago between 1 and 6 '
            ~ 'then (7 - 2 * months_ago) * adjusted_cents end), 0)'
        ) }} / 35 as adjusted_slope_cents_per_month
    from adjusted
    group by customer_id, as_of_date
),

measured as (
    select
        summed.customer_id,
        summed.as_of_date,
        summed.same_period_index,
        summed.same_period_index / nullif(summed.company_index, 0)
            as adjusted_same_period_index,
        peaks.peak_quarter_share,
        summed.adjusted_spend_cents_per_month,
        summed.adjusted_slope_cents_per_month
    from summed
    inner join peaks
        on summed.customer_id = peaks.customer_id and summed.as_of_date = peaks.as_of_date
)

select * from measured
