{{ config(
    pre_hook='{{ remove_stale(this) }}', post_hook='{{ remaining_passes(this, customer_passes()) }}'
) }}

with orders as (
    select * from {{ ref('int_orders__valued') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

dated as (
    select {{ as_of_columns() }}
    from as_of_dates
),

grouped as (
    select
        customer_id,
        order_date,
        location_id,
        {{ channel_group('channel') }} as channel_group
    from orders
    where {{ in_pass('customer_id') }}
),

summed as (
    select
        grouped.customer_id,
        grouped.location_id,
        grouped.channel_group,
        {{ summed_before('1', 'grouped.order_date', 'order_count') }}
    from grouped
    cross join dated
    group by grouped.customer_id, grouped.location_id, grouped.channel_group
),

placed as (
    select
        summed.customer_id,
        as_of_dates.as_of_date,
        summed.location_id,
        summed.channel_group,
        {{ on_date('summed.order_count') }} as order_count
    from summed
    cross join as_of_dates
),

visited as (
    select *
    from placed
    where order_count > 0 and {{ is_stale() }}
)

select * from visited
