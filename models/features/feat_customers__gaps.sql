with orders as (
    select * from {{ ref('int_orders__as_of') }}
),

days as (
    select distinct
        customer_id,
        as_of_date,
        order_date,
        days_ago
    from orders
),

spaced as (
    select
        customer_id,
        as_of_date,
        days_ago,
        lag(days_ago) over (
            partition by customer_id, as_of_date
            order by order_date
        ) - days_ago as gap_days
    from days
),

summed as (
    select
        customer_id,
        as_of_date,
        min(days_ago) as recency_days,
        count(gap_days) as gap_count,
        sum(gap_days) as total_days,
        sum(gap_days * gap_days) as total_squares,
        max(gap_days) as longest_gap_days
    from spaced
    group by customer_id, as_of_date
),

measured as (
    select
        customer_id,
        as_of_date,
        {{ ratio('total_days', 'gap_count') }} as mean_gap_days,
        {{ sample_stddev('gap_count', 'total_days', 'total_squares') }} as sd_gap_days,
        longest_gap_days,
        {{ ratio('recency_days * gap_count', 'total_days') }} as gap_ratio
    from summed
)

select * from measured
