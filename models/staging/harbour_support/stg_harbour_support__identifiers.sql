{{ config(enabled='harbour_support' in var('sources')) }}

with requesters as (
    select * from {{ source('harbour_support', 'requesters') }}
),

split_names as (
    select
        *,
        {{ dbt.split_part('full_name', "' '", 1) }} as first_name,
        {{ dbt.split_part('full_name', "' '", 2) }} as last_name
    from requesters
),

unpivoted as (
    {{ identifiers_from('split_names', 'requester_id', {
        'first_name': 'first_name',
        'last_name': 'last_name',
        'email': 'email',
        'phone': 'phone',
    }, observed_at='first_contact_at') }}
)

select * from unpivoted
