{{ config(enabled='harbour_crm' in var('sources')) }}

with vouchers as (
    select * from {{ source('harbour_crm', 'vouchers_redeemed') }}
),

renamed as (
    select
        response_id,
        campaign_id,
        contact_id as source_customer_id,
        responded_on
    from vouchers
)

select * from renamed
