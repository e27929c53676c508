{{ config(enabled='harbour_shop' in var('sources')) }}

with products as (
    select * from {{ source('harbour_shop', 'products') }}
),

renamed as (
    select
        sku as product_id,
        case department
            when 'Provisions' then 'grocery'
            when 'Plants and Garden' then 'produce'
            when 'Butchery and Fish' then 'meat'
            when 'Hampers' then 'deli'
            when 'Bakehouse' then 'bakery'
            when 'Home and Body' then 'health_home'
            when 'Sports Nutrition' then 'nutrition'
            when 'Fuel and Gas' then 'fuel'
            else 'other'
        end as department,
        lower(category) as category,
        brand = 'Harbour Own' as is_private_label
    from products
)

select * from renamed
