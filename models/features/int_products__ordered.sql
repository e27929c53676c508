with order_lines as (
    select * from {{ ref('int_order_lines__valued') }}
),

asked as (
    select distinct entity
    from {{ ref('segmentation_spec') }}
    where entity = 'product'
),

counted as (
    select order_lines.*
    from order_lines
    cross join asked
    where order_lines.is_counted
),

summed as (
    select
        source,
        product_id,
        order_id,
        customer_id,
        order_date,
        count(*) as line_count,
        count(*) filter (where discount_cents + coupon_cents > 0) as reduced_line_count,
        count(*) filter (where quantity < 0 or amount_cents < 0) as return_line_count,
        sum(greatest(quantity, 0)) as unit_count,
        cast(sum(amount_cents) as bigint) as amount_cents
    from counted
    group by source, product_id, order_id, customer_id, order_date
)

select * from summed
