{{ config(enabled=has_entity('complete_journey', 'campaign_responses')) }}

with redemptions as (
    select * from {{ source('complete_journey', 'coupon_redemptions') }}
),

renamed as (
    select
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(household_id as {{ dbt.type_string() }}) as source_customer_id,
        cast(campaign_id as {{ dbt.type_string() }})
        || '-' || cast(coupon_upc as {{ dbt.type_string() }})
        || '-' || cast(household_id as {{ dbt.type_string() }})
        || '-' || cast(cast(redemption_date as date) as {{ dbt.type_string() }}) as response_id,
        cast(redemption_date as date) as responded_on
    from redemptions
)

select * from renamed
