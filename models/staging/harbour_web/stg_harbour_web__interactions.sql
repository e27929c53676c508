{{ config(enabled='harbour_web' in var('sources')) }}

{% set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with sessions as (
    select * from {{ source('harbour_web', 'sessions') }}
),

page_views as (
    select * from {{ source('harbour_web', 'page_views') }}
),

email_events as (
    select * from {{ source('harbour_web', 'email_events') }}
),

united as (
    select
        session_id as interaction_id,
        cookie_id as source_customer_id,
        'session' as interaction_type,
        started_at as occurred_at,
        case platform when 'Browser' then 'web' when 'App' then 'app' end as channel,
        device_kind as device,
        session_id,
        {{ nothing }} as campaign_id
    from sessions
    union all
    select
        view_id as interaction_id,
        cookie_id as source_customer_id,
        'page_view' as interaction_type,
        viewed_at as occurred_at,
        'web' as channel,
        {{ nothing }} as device,
        session_id,
        {{ nothing }} as campaign_id
    from page_views
    union all
    select
        event_id as interaction_id,
        subscriber_id as source_customer_id,
        case event
            when 'sent' then 'email_sent'
            when 'opened' then 'email_open'
            when 'clicked' then 'email_click'
        end as interaction_type,
        happened_at as occurred_at,
        'email' as channel,
        {{ nothing }} as device,
        {{ nothing }} as session_id,
        campaign_id
    from email_events
),

dated as (
    select
        *,
        cast({{ to_local_time('occurred_at', 'Europe/London') }} as date) as occurred_on
    from united
)

select * from dated
