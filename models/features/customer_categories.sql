{{ config(
    pre_hook='{{ remove_stale(this) }}', post_hook='{{ remaining_passes(this, customer_passes()) }}'
) }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
),

places as (
    select * from {{ ref('int_places__as_of') }}
),

interactions as (
    select * from {{ ref('int_interactions__as_of') }}
),

departments as (
    select * from {{ ref('int_departments__as_of') }}
),

located as (
    select * from {{ ref('int_customers__located') }}
),

legacy_segments as (
    select * from {{ ref('int_legacy_segments__as_of') }}
),

counted as (
    select
        customer_id,
        as_of_date,
        'main_channel' as attribute,
        channel_group as value,
        sum(order_count) as weight
    from places
    group by customer_id, as_of_date, channel_group
    union all
    select customer_id, as_of_date, 'main_device', device, count(*)
    from interactions
    where is_by_customer
    group by customer_id, as_of_date, device
    union all
    select customer_id, as_of_date, 'main_department', department, amount_cents
    from departments
    where amount_cents > 0
    union all
    select customers.customer_id, customers.as_of_date, 'region', located.region, 1
    from customers
    inner join located on customers.customer_id = located.customer_id
    where customers.order_count > 0
    union all
    select customer_id, as_of_date, 'legacy_segment', segment, 1
    from legacy_segments
),

ranked as (
    select
        customer_id,
        as_of_date,
        attribute,
        value,
        row_number() over (
            partition by customer_id, as_of_date, attribute
            order by weight desc, value asc
        ) as place
    from counted
    where value is not null and {{ is_stale() }} and {{ in_pass('customer_id') }}
),

main as (
    select customer_id, as_of_date, attribute, value
    from ranked
    where place = 1
)

select * from main
