{{ config(enabled='harbour_web' in var('sources')) }}

with visitors as (
    select * from {{ source('harbour_web', 'visitors') }}
),

subscribers as (
    select * from {{ source('harbour_web', 'subscribers') }}
),

united as (
    select
        cookie_id as source_customer_id,
        cast(first_seen_at as date) as registered_date
    from visitors
    union all
    select
        subscriber_id as source_customer_id,
        cast(subscribed_at as date) as registered_date
    from subscribers
)

select * from united
