{{ config(enabled='complete_journey' in var('sources')) }}

with products as (
    select * from {{ source('complete_journey', 'products') }}
),

renamed as (
    select
        cast(product_id as {{ dbt.type_string() }}) as product_id,
        case department
            when 'GROCERY' then 'grocery'
            when 'FROZEN GROCERY' then 'grocery'
            when 'PRODUCE' then 'produce'
            when 'SALAD BAR' then 'produce'
            when 'MEAT' then 'meat'
            when 'MEAT-PCKGD' then 'meat'
            when 'SEAFOOD' then 'meat'
            when 'SEAFOOD-PCKGD' then 'meat'
            when 'DELI' then 'deli'
            when 'CHEF SHOPPE' then 'deli'
            when 'RESTAURANT' then 'deli'
            when 'PASTRY' then 'bakery'
            when 'DRUG GM' then 'health_home'
            when 'COSMETICS' then 'health_home'
            when 'NUTRITION' then 'nutrition'
            when 'FUEL' then 'fuel'
            else 'other'
        end as department,
        lower(product_category) as category,
        brand = 'Private' as is_private_label
    from products
)

select * from renamed
