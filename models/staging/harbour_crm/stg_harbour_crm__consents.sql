{{ config(enabled='harbour_crm' in var('sources')) }}

with consents as (
    select * from {{ source('harbour_crm', 'consents') }}
),

renamed as (
    select
        contact_id as source_customer_id,
        purpose,
        granted as is_granted,
        given_at as valid_from,
        expires_at as valid_to,
        channel as collected_by
    from consents
)

select * from renamed
