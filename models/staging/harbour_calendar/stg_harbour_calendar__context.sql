{{ config(enabled='harbour_calendar' in var('sources')) }}

with days as (
    select * from {{ source('harbour_calendar', 'days') }}
),

renamed as (
    select
        day as context_date,
        region,
        kind as context_type,
        cast(null as {{ type_double() }}) as value,
        name as label,
        licence,
        provider
    from days
)

select * from renamed
