{{ config(enabled='harbour_crm' in var('sources')) }}

with members as (
    select * from {{ source('harbour_crm', 'campaign_members') }}
),

renamed as (
    select
        campaign_id,
        contact_id as source_customer_id,
        contacted_on,
        arm
    from members
)

select * from renamed
