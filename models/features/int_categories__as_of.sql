{{ config(pre_hook='{{ remove_stale(this) }}') }}

with categories as (
    select * from {{ ref('int_categories__first_bought') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

dated as (
    select {{ as_of_columns() }}
    from as_of_dates
),

counted as (
    select
        categories.customer_id,
        {{ summed_before('1', 'categories.first_order_date', 'category_count') }}
    from categories
    cross join dated
    group by categories.customer_id
),

placed as (
    select
        counted.customer_id,
        as_of_dates.as_of_date,
        {{ on_date('counted.category_count') }} as category_count
    from counted
    cross join as_of_dates
),

bought as (
    select *
    from placed
    where category_count > 0 and {{ is_stale() }}
)

select * from bought
