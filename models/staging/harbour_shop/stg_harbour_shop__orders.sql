{{ config(enabled='harbour_shop' in var('sources')) }}

with orders as (
    select * from {{ source('harbour_shop', 'orders') }}
),

located as (
    select
        *,
        {{ to_local_time('ordered_at', 'Europe/London') }} as local_timestamp
    from orders
),

renamed as (
    select
        order_no as order_id,
        account_id as source_customer_id,
        ordered_at,
        cast(local_timestamp as date) as order_date,
        cast(extract(hour from local_timestamp) as int) as order_hour,
        store_code as location_id,
        case channel
            when 'Store' then 'store'
            when 'Web' then 'online'
            when 'Phone' then 'call centre'
        end as channel,
        lower(status) as status,
        currency,
        {{ to_cents('total_paid') }} as header_amount_cents,
        {{ to_cents('tax') }} as tax_cents,
        {{ to_cents('freight') }} as freight_cents,
        modified_at as updated_at,
        is_deleted
    from located
)

select * from renamed
