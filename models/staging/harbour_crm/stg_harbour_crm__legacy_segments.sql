{{ config(enabled='harbour_crm' in var('sources')) }}

with tiers as (
    select * from {{ source('harbour_crm', 'loyalty_tiers') }}
),

renamed as (
    select
        contact_id as source_customer_id,
        'loyalty_tier' as scheme,
        lower(tier) as segment,
        since as valid_from,
        until as valid_to
    from tiers
)

select * from renamed
