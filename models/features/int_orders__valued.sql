{{ config(pre_hook='{{ remove_keys(this, ref("int_orders__changed"), ["source", "order_id"]) }}') }}
{{ config(**layout('customer_id', 'order_date')) }}

with orders as (
    select * from {{ ref('input_orders') }}
),

order_lines as (
    select * from {{ ref('int_order_lines__valued') }}
    {{ only_keys(ref('int_order_lines__valued'), ref('int_orders__changed'), ['source', 'order_id']) }}
),

summed as (
    select
        customer_id,
        source,
        order_id,
        count(*) as line_count,
        cast(sum(cast(round(greatest(coalesce(quantity, 0), 0), 0) as bigint)) as bigint)
            as unit_count,
        cast(sum(amount_cents) as bigint) as amount_cents,
        cast(sum(discount_cents) as bigint) as discount_cents,
        cast(sum(coupon_cents) as bigint) as coupon_cents,
        count(case when discount_cents + coupon_cents > 0 then 1 end) as discounted_line_count
    from order_lines
    where is_counted
    group by customer_id, source, order_id
),

valued as (
    select
        summed.customer_id,
        orders.source,
        orders.order_id,
        orders.order_date,
        orders.order_hour,
        orders.location_id,
        nullif(orders.channel, 'unknown') as channel,
        summed.line_count,
        summed.unit_count,
        summed.amount_cents,
        summed.discount_cents,
        summed.coupon_cents,
        summed.discounted_line_count
    from orders
    inner join summed
        on orders.source = summed.source and orders.order_id = summed.order_id
)

select * from valued
