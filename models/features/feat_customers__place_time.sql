with orders as (
    select * from {{ ref('int_orders__as_of') }}
),

located as (
    select
        customer_id,
        as_of_date,
        location_id,
        count(*) as order_count
    from orders
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

timed as (
    select
        customer_id,
        as_of_date,
        count(*) as order_count,
        count(order_hour) as timed_order_count,
        count(case when {{ is_weekend('order_date') }} then 1 end) as weekend_count,
        count(case when order_hour between 5 and 11 then 1 end) as morning_count,
        count(case when order_hour between 12 and 16 then 1 end) as afternoon_count,
        count(case when order_hour between 17 and 21 then 1 end) as evening_count,
        count(case when order_hour >= 22 or order_hour < 5 then 1 end) as night_count
    from orders
    group by customer_id, as_of_date
),

measured as (
    select
        timed.customer_id,
        timed.as_of_date,
        placed.location_count,
        {{ ratio('placed.main_location_order_count', 'timed.order_count') }}
            as main_location_share,
        {{ ratio('timed.weekend_count', 'timed.order_count') }} as weekend_share,
        {{ ratio('timed.morning_count', 'timed.timed_order_count') }} as morning_share,
        {{ ratio('timed.afternoon_count', 'timed.timed_order_count') }} as afternoon_share,
        {{ ratio('timed.evening_count', 'timed.timed_order_count') }} as evening_share,
        {{ ratio('timed.night_count', 'timed.timed_order_count') }} as night_share
    from timed
    inner join placed
        on timed.customer_id = placed.customer_id and timed.as_of_date = placed.as_of_date
)

select * from measured
