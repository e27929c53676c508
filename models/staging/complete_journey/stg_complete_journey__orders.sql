{{ config(enabled='complete_journey' in var('sources')) }}

with transactions as (
    select * from {{ source('complete_journey', 'transactions') }}
),

located as (
    select
        *,
        {{ to_local_time('transaction_timestamp', 'America/New_York') }} as local_timestamp
    from transactions
),

grouped as (
    select distinct
        cast(basket_id as {{ dbt.type_string() }}) as order_id,
        cast(household_id as {{ dbt.type_string() }}) as source_customer_id,
        transaction_timestamp as ordered_at,
        cast(local_timestamp as date) as order_date,
        cast(extract(hour from local_timestamp) as int) as order_hour,
        cast(store_id as {{ dbt.type_string() }}) as location_id,
        'store' as channel
    from located
)

select * from grouped
