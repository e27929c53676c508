{{ config(materialized='view') }}
{% set reasons = uncounted_reasons() %}
{% set other_types = ['freight', 'tax', 'fee', 'gift_card', 'adjustment'] %}

with order_lines as (
    select * from {{ ref('input_order_lines') }}
),

orders as (
    select * from {{ ref('int_orders__totalled') }}
),

valued as (
    select
        orders.customer_id,
        order_lines.source,
        order_lines.order_id,
        order_lines.product_id,
        orders.order_date,
        orders.currency,
        order_lines.line_type,
        order_lines.quantity,
        order_lines.amount_cents as original_amount_cents,
        {{ convert_cents('order_lines.amount_cents', 'orders.rate') }} as amount_cents,
        {{ convert_cents('order_lines.discount_cents', 'orders.rate') }} as discount_cents,
        {{ convert_cents('order_lines.coupon_cents', 'orders.rate') }} as coupon_cents,
        case
            when orders.uncounted_reason != '{{ reasons.returned_whole }}'
                then orders.uncounted_reason
            {% for type in other_types %}
            when order_lines.line_type = '{{ type }}' then '{{ reasons[type] }}'
            {% endfor %}
            else orders.uncounted_reason
        end as uncounted_reason,
        order_lines.line_type = 'product' and orders.uncounted_reason is null as is_counted
    from order_lines
    inner join orders
        on order_lines.source = orders.source and order_lines.order_id = orders.order_id
)

select * from valued
