with judged as (
    select * from {{ ref('int_order_lines__judged') }}
),

kept as (
    select
        source,
        order_id,
        order_line_id,
        product_id,
        quantity,
        amount_cents,
        coalesce(discount_cents, 0) as discount_cents,
        coalesce(coupon_cents, 0) as coupon_cents,
        coalesce(line_type, 'product') as line_type,
        quantity_was_imputed
    from judged
    where rejection_rule is null
)

select * from kept
