{{ config(enabled='harbour_shop' in var('sources')) }}

with order_lines as (
    select * from {{ source('harbour_shop', 'order_lines') }}
),

renamed as (
    select
        order_no as order_id,
        line_id as order_line_id,
        sku as product_id,
        {{ try_cast('quantity', 'decimal(18, 3)') }} as quantity,
        {{ to_cents('net_amount') }} as amount_cents,
        {{ to_cents('discount') }} as discount_cents,
        {{ to_cents('voucher') }} as coupon_cents,
        case kind
            when 'Goods' then 'product'
            when 'Freight' then 'freight'
            when 'Gift Card' then 'gift_card'
        end as line_type,
        modified_at as updated_at
    from order_lines
)

select * from renamed
