{{ config(enabled='complete_journey' in var('sources')) }}

{% set tables = {
    'orders': 'transactions',
    'customer_attributes': 'demographics',
    'campaign_contacts': 'campaigns',
} %}

with mentioned as (
    {% for entity, table in tables.items() if has_entity('complete_journey', entity) %}
    select distinct household_id from {{ source('complete_journey', table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

renamed as (
    select distinct
        cast(household_id as {{ dbt.type_string() }}) as source_customer_id,
        cast(null as date) as registered_date
    from mentioned
    where household_id is not null
)

select * from renamed
