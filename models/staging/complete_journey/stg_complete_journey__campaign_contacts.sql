{{ config(enabled=has_entity('complete_journey', 'campaign_contacts')) }}

with contacts as (
    select * from {{ source('complete_journey', 'campaigns') }}
),

campaigns as (
    select * from {{ source('complete_journey', 'campaign_descriptions') }}
),

dated as (
    select
        cast(contacts.campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(contacts.household_id as {{ dbt.type_string() }}) as source_customer_id,
        cast(campaigns.start_date as date) as contacted_on
    from contacts
    left join campaigns on contacts.campaign_id = campaigns.campaign_id
)

select * from dated
