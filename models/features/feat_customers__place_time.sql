{{ config(pre_hook='{{ remove_stale(this) }}') }}

with orders as (
    select * from {{ ref('int_orders__summed') }}
    where {{ is_stale() }}
),

places as (
    select * from {{ ref('int_places__as_of') }}
    where {{ is_stale() }}
),

located as (
    select
        customer_id,
        as_of_date,
        location_id,
        sum(order_count) as order_count
    from places
    group by customer_id, as_of_date, location_id
),

placed as (
    select
        customer_id,
        as_of_date,
        count(location_id) as location_count,
        max(order_count) as main_location_order_count
    from located
    group by customer_id, as_of_date
),

measured as (
    select
        orders.customer_id,
        orders.as_of_date,
        placed.location_count,
        {{ ratio('placed.main_location_order_count', 'orders.order_count') }}
            as main_location_share,
        {{ ratio('orders.weekend_count', 'orders.order_count') }} as weekend_share,
        {{ ratio('orders.morning_count', 'orders.timed_order_count') }} as morning_share,
        {{ ratio('orders.afternoon_count', 'orders.timed_order_count') }} as afternoon_share,
        {{ ratio('orders.evening_count', 'orders.timed_order_count') }} as evening_share,
        {{ ratio('orders.night_count', 'orders.timed_order_count') }} as night_share
    from orders
    inner join placed
        on orders.customer_id = placed.customer_id and orders.as_of_date = placed.as_of_date
)

select * from measured
