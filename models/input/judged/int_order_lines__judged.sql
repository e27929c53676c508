{{ config(
    pre_hook='{{ remove_keys(
        this, ref("int_order_lines__touched"), ["source", "order_line_id"]
    ) }}',
    post_hook='{{ remaining_passes(this, buckets_of(given_relations("order_lines"))) }}'
) }}
{% set given = given_relations('order_lines') %}
-- depends_on: {{ ref('int_order_lines__replaced') }}, {{ ref('int_loads__changed') }}

with unioned as {{ inlined() }} (
    {{ rows_to_judge('order_lines') }}
),

orders as (
    select * from {{ ref('input_orders') }}
    where {{ in_bucket('order_id', given) }}
),

repeated as (
    select * from {{ ref('int_order_lines__repeated') }}
),

filled as {{ inlined() }} (
    {{ filled('order_lines', 'unioned') }}
),

numbered as (
    select
        filled.*,
        row_number() over (
            partition by filled.source, filled.order_line_id
            order by
                filled.updated_at desc nulls last,
                filled.is_deleted desc nulls last,
                filled.order_id asc,
                filled.product_id asc,
                filled.quantity asc,
                filled.amount_cents asc,
                filled.discount_cents asc,
                filled.coupon_cents asc
        ) as copy_number
    from filled
    inner join repeated
        on filled.source = repeated.source and filled.order_line_id = repeated.order_line_id
    union all
    select
        filled.*,
        1 as copy_number
    from filled
    left join repeated
        on filled.source = repeated.source and filled.order_line_id = repeated.order_line_id
    where repeated.source is null
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
        end as flag
    from numbered
    left join orders
        on
            numbered.source = orders.source
            and numbered.order_id = orders.order_id
    where {{ in_bucket('numbered.order_id', given) }}
),

hashed as (
    select
        *,
        case
            when rejection_rule is not null
                then {{ row_key_hash(['source', 'order_line_id']) }}
        end as row_key_hash
    from judged
)

select * from hashed
