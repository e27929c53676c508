{{ config(enabled='harbour_support' in var('sources')) }}

with requesters as (
    select * from {{ source('harbour_support', 'requesters') }}
),

renamed as (
    select
        requester_id as source_customer_id,
        cast(first_contact_at as date) as registered_date
    from requesters
)

select * from renamed
