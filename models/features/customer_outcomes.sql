{{ config(post_hook='{{ remaining_passes(this, customer_passes()) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ in_pass('customer_id') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

days as (
    select * from {{ ref('int_days__summed') }}
    where {{ in_pass('customer_id') }}
),

departments as (
    select * from {{ ref('int_departments__summed') }}
    where {{ in_pass('customer_id') }}
),

windows as (
    select distinct outcome_window_days as window_days
    from {{ ref('segmentation_spec') }}
    where entity = 'customer'
),

latest as (
    select max(as_of_date) as current_as_of_date
    from as_of_dates
),

complete as (
    select
        customers.customer_id,
        customers.as_of_date,
        windows.window_days,
        {{ move_date('customers.as_of_date', 'day', 'windows.window_days') }} as window_ends_on
    from customers
    cross join windows
    cross join latest
    where
        {{ move_date('customers.as_of_date', 'day', 'windows.window_days') }}
        <= latest.current_as_of_date
),

ordered as (
    select
        complete.customer_id,
        complete.as_of_date,
        complete.window_days,
        complete.window_ends_on,
        cast(coalesce(sum(days.order_count), 0) as bigint) as order_count,
        cast(coalesce(sum(days.spend_cents), 0) as bigint) as spend_cents
    from complete
    left join days
        on
            complete.customer_id = days.customer_id
            and days.order_date >= complete.as_of_date
            and days.order_date < complete.window_ends_on
    group by
        complete.customer_id, complete.as_of_date, complete.window_days, complete.window_ends_on
),

visited as (
    select
        complete.customer_id,
        complete.as_of_date,
        complete.window_days,
        count(distinct departments.department) as department_count
    from complete
    inner join departments
        on
            complete.customer_id = departments.customer_id
            and departments.order_date >= complete.as_of_date
            and departments.order_date < complete.window_ends_on
    group by complete.customer_id, complete.as_of_date, complete.window_days
),

measured as (
    select
        ordered.*,
        coalesce(visited.department_count, 0) as department_count,
        case when ordered.order_count > 0 then 1 else 0 end as is_active
    from ordered
    left join visited
        on
            ordered.customer_id = visited.customer_id
            and ordered.as_of_date = visited.as_of_date
            and ordered.window_days = visited.window_days
)

select * from measured
