{{ config(enabled='harbour_crm' in var('sources')) }}

with referrals as (
    select * from {{ source('harbour_crm', 'referrals') }}
),

renamed as (
    select
        referrer_contact_id as source_customer_id,
        referred_contact_id as related_customer_id,
        'referral' as relationship_type,
        referred_on as started_on
    from referrals
)

select * from renamed
