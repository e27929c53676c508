{{ config(enabled=has_entity('complete_journey', 'campaigns')) }}

with campaigns as (
    select * from {{ source('complete_journey', 'campaign_descriptions') }}
),

renamed as (
    select
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        campaign_type,
        cast(start_date as date) as starts_on,
        cast(end_date as date) as ends_on,
        false as is_randomised
    from campaigns
)

select * from renamed
