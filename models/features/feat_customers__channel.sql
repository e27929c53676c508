{{ config(pre_hook='{{ remove_stale(this) }}') }}

with places as (
    select * from {{ ref('int_places__as_of') }}
    where {{ is_stale() }}
),

interactions as (
    select * from {{ ref('int_interactions__as_of') }}
),

shopped as (
    select
        customer_id,
        as_of_date,
        sum(case when channel_group is not null then order_count else 0 end) as known_count,
        sum(case when channel_group = 'store' then order_count else 0 end) as store_count,
        sum(case when channel_group = 'online' then order_count else 0 end) as online_count,
        sum(case when channel_group = 'call centre' then order_count else 0 end)
            as call_centre_count,
        count(distinct channel_group) as channel_count
    from places
    group by customer_id, as_of_date
),

devices as (
    select
        customer_id,
        as_of_date,
        device,
        count(*) as device_count,
        count(case when interaction_type = 'session' then 1 end) as session_count
    from interactions
    where is_by_customer
    group by customer_id, as_of_date, device
),

browsed as (
    select
        customer_id,
        as_of_date,
        sum(case when device is not null then device_count end) as device_count,
        max(case when device is not null then device_count end) as main_device_count,
        sum(session_count) as session_count
    from devices
    group by customer_id, as_of_date
),

measured as (
    select
        shopped.customer_id,
        shopped.as_of_date,
        {{ ratio('shopped.store_count', 'shopped.known_count') }} as store_order_share,
        {{ ratio('shopped.online_count', 'shopped.known_count') }} as online_order_share,
        {{ ratio('shopped.call_centre_count', 'shopped.known_count') }}
            as call_centre_order_share,
        nullif(shopped.channel_count, 0) as channel_count,
        {{ ratio('browsed.main_device_count', 'browsed.device_count') }} as main_device_share,
        {{ ratio('coalesce(browsed.session_count, 0)', 'shopped.online_count') }}
            as sessions_per_online_order
    from shopped
    left join browsed
        on
            shopped.customer_id = browsed.customer_id
            and shopped.as_of_date = browsed.as_of_date
)

select * from measured
