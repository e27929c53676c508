{{ config(pre_hook='{{ remove_stale(this) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

measured as (
    select
        customer_id,
        as_of_date,
        {{ ratio('gap_days', 'gap_count') }} as mean_gap_days,
        {{ sample_stddev('gap_count', 'gap_days', 'squared_gap_days') }} as sd_gap_days,
        longest_gap_days,
        {{ ratio(days_between('last_order_date', 'as_of_date') ~ ' * gap_count', 'gap_days') }}
            as gap_ratio
    from customers
    where order_count > 0
)

select * from measured
