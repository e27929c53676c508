{{ config(enabled='complete_journey' in var('sources')) }}

with transactions as (
    select * from {{ source('complete_journey', 'transactions') }}
),

demographics as (
    select * from {{ source('complete_journey', 'demographics') }}
),

campaigns as (
    select * from {{ source('complete_journey', 'campaigns') }}
),

mentioned as (
    select household_id from transactions
    union
    select household_id from demographics
    union
    select household_id from campaigns
),

renamed as (
    select
        cast(household_id as {{ dbt.type_string() }}) as source_customer_id,
        cast(null as date) as registered_date
    from mentioned
    where household_id is not null
)

select * from renamed
