{{ config(pre_hook='{{ remove_keys(this, ref("int_order_lines__touched"), ["source", "order_line_id"]) }}') }}
-- depends_on: {{ ref('int_order_lines__replaced') }}, {{ ref('int_loads__changed') }}

with unioned as (
    {{ rows_to_judge('order_lines') }}
),

orders as (
    select * from {{ ref('input_orders') }}
),

filled as (
    {{ filled('order_lines', 'unioned') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, order_line_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                order_id,
                product_id,
                quantity,
                amount_cents,
                discount_cents,
                coupon_cents
        ) as copy_number
    from filled
),

judged as (
    select
        numbered.*,
        case
            when numbered.order_line_id is null then 'order_line_id is missing'
            when orders.order_id is null then 'order is unknown or in quarantine'
            when numbered.product_id is null then 'product_id is missing'
            when numbered.amount_cents is null then 'amount is not a finite number'
            when abs(numbered.amount_cents) > {{ var('largest_line_amount_cents') }}
                then 'amount is implausibly large'
            when numbered.policy_rule is not null then numbered.policy_rule
            when numbered.quantity is null then 'quantity is not a finite number'
            when numbered.quantity < 0 and numbered.amount_cents > 0
                then 'quantity is negative, amount is positive'
            when
                coalesce(numbered.line_type, 'product')
                not in ('product', 'freight', 'tax', 'fee', 'gift_card', 'adjustment')
                then 'line_type is none of product, freight, tax, fee, gift_card, adjustment'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'order_line_id is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        case
            when numbered.quantity < 0 then 'quantity is negative: a return, counted as such'
            when numbered.quantity = 0 then 'quantity is zero: its amount counts, no units'
            when numbered.discount_cents is null or numbered.coupon_cents is null
                then 'discount is not a finite number: taken as 0'
        end as flag,
        {{ row_key_hash(['numbered.source', 'numbered.order_line_id']) }} as row_key_hash
    from numbered
    left join orders
        on
            numbered.source = orders.source
            and numbered.order_id = orders.order_id
)

select * from judged
