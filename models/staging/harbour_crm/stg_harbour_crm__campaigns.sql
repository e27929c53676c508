{{ config(enabled='harbour_crm' in var('sources')) }}

with campaigns as (
    select * from {{ source('harbour_crm', 'campaigns') }}
),

renamed as (
    select
        campaign_id,
        kind as campaign_type,
        starts_on,
        ends_on,
        is_randomised
    from campaigns
)

select * from renamed
