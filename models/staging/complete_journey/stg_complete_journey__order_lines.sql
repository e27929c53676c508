{{ config(enabled='complete_journey' in var('sources')) }}
{% set has_load_time = has_column(source('complete_journey', 'transactions'), 'loaded_at') %}

with transactions as (
    select * from {{ source('complete_journey', 'transactions') }}
),

renamed as (
    select
        cast(basket_id as {{ dbt.type_string() }}) as order_id,
        cast(basket_id as {{ dbt.type_string() }})
        || '-' || cast(product_id as {{ dbt.type_string() }}) as order_line_id,
        cast(product_id as {{ dbt.type_string() }}) as product_id,
        {{ try_cast('quantity', 'decimal(18, 3)') }} as quantity,
        {{ to_cents('sales_value') }} as amount_cents,
        {{ to_cents('retail_disc') }} + {{ to_cents('coupon_match_disc') }} as discount_cents,
        {{ to_cents('coupon_disc') }} as coupon_cents
        {{- ', cast(loaded_at as timestamp) as loaded_at' if has_load_time }}
    from transactions
)

select * from renamed
