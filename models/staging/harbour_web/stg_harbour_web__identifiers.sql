{{ config(enabled='harbour_web' in var('sources')) }}

with visitors as (
    select * from {{ source('harbour_web', 'visitors') }}
),

subscribers as (
    select * from {{ source('harbour_web', 'subscribers') }}
),

unpivoted as (
    {{ identifiers_from('visitors', 'cookie_id', {
        'cookie_id': 'cookie_id',
        'device_id': 'device_id',
        'login': 'login',
        'email': 'email',
    }, observed_at='last_seen_at') }}
    union all
    {{ identifiers_from('subscribers', 'subscriber_id', {
        'email': 'email',
    }, observed_at='subscribed_at') }}
)

select * from unpivoted
