{{ config(enabled='harbour_shop' in var('sources')) }}

with accounts as (
    select * from {{ source('harbour_shop', 'accounts') }}
),

renamed as (
    select
        account_id as source_customer_id,
        cast(opened_at as date) as registered_date,
        changed_at as updated_at
    from accounts
)

select * from renamed
