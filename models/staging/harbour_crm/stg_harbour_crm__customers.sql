{{ config(enabled='harbour_crm' in var('sources')) }}

with contacts as (
    select * from {{ source('harbour_crm', 'contacts') }}
),

renamed as (
    select
        contact_id as source_customer_id,
        cast(created_at as date) as registered_date,
        region,
        modified_at as updated_at,
        is_deleted
    from contacts
)

select * from renamed
