with judged as (
    select * from {{ ref('int_orders__judged') }}
),

kept as (
    select
        source,
        order_id,
        source_customer_id,
        ordered_at,
        order_date,
        order_hour,
        location_id,
        channel,
        coalesce(status, 'completed') as status,
        currency,
        header_amount_cents,
        coalesce(tax_cents, 0) as tax_cents,
        coalesce(freight_cents, 0) as freight_cents,
        ordered_at_was_imputed,
        order_date_was_imputed,
        order_hour_was_imputed,
        channel_was_imputed
    from judged
    where rejection_rule is null
)

select * from kept
