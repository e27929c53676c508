{{ config(enabled='complete_journey' in var('sources')) }}
{% set has_load_time = has_column(source('complete_journey', 'transactions'), 'loaded_at') %}

with transactions as (
    select * from {{ source('complete_journey', 'transactions') }}
),

grouped as (
    select distinct
        basket_id,
        household_id,
        store_id,
        transaction_timestamp
        {{- ', loaded_at' if has_load_time }}
    from transactions
),

located as (
    select
        *,
        {{ to_local_time('transaction_timestamp', 'America/New_York') }} as local_timestamp
    from grouped
),

renamed as (
    select
        cast(basket_id as {{ dbt.type_string() }}) as order_id,
        cast(household_id as {{ dbt.type_string() }}) as source_customer_id,
        transaction_timestamp as ordered_at,
        cast(local_timestamp as date) as order_date,
        cast(extract(hour from local_timestamp) as int) as order_hour,
        cast(store_id as {{ dbt.type_string() }}) as location_id,
        'store' as channel
        {{- ', cast(loaded_at as timestamp) as loaded_at' if has_load_time }}
    from located
)

select * from renamed
