with orders as (
    select * from {{ ref('input_orders') }}
),

order_lines as (
    select * from {{ ref('input_order_lines') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

summed as (
    select
        source,
        order_id,
        count(*) as line_count,
        sum(cast(round(greatest(quantity, 0)) as bigint)) as unit_count,
        cast(sum(amount_cents) as bigint) as amount_cents,
        cast(sum(discount_cents) as bigint) as discount_cents,
        cast(sum(coupon_cents) as bigint) as coupon_cents,
        count(*) filter (where discount_cents + coupon_cents > 0) as discounted_line_count
    from order_lines
    group by source, order_id
),

valued as (
    select
        customer_records.customer_id,
        orders.source,
        orders.order_id,
        orders.order_date,
        orders.order_hour,
        orders.location_id,
        orders.channel,
        coalesce(summed.line_count, 0) as line_count,
        cast(coalesce(summed.unit_count, 0) as bigint) as unit_count,
        coalesce(summed.amount_cents, 0) as amount_cents,
        coalesce(summed.discount_cents, 0) as discount_cents,
        coalesce(summed.coupon_cents, 0) as coupon_cents,
        coalesce(summed.discounted_line_count, 0) as discounted_line_count
    from orders
    inner join customer_records
        on
            orders.source = customer_records.source
            and orders.source_customer_id = customer_records.source_customer_id
    left join summed
        on orders.source = summed.source and orders.order_id = summed.order_id
)

select * from valued
