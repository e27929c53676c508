{{ config(enabled='harbour_support' in var('sources')) }}

with tickets as (
    select * from {{ source('harbour_support', 'tickets') }}
),

renamed as (
    select
        ticket_id as interaction_id,
        requester_id as source_customer_id,
        'support_contact' as interaction_type,
        opened_at as occurred_at,
        cast({{ to_local_time('opened_at', 'Europe/London') }} as date) as occurred_on,
        case medium when 'Phone' then 'phone' when 'Mail' then 'email' when 'Chat' then 'chat' end
            as channel
    from tickets
)

select * from renamed
