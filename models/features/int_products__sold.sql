with order_lines as (
    select * from {{ ref('int_order_lines__valued') }}
),

asked as (
    select distinct entity
    from {{ ref('segmentation_spec') }}
    where entity = 'product'
),

ordered as (
    select
        order_lines.source,
        order_lines.product_id,
        order_lines.order_id,
        order_lines.customer_id,
        order_lines.order_date,
        count(*) as line_count,
        count(case when order_lines.discount_cents + order_lines.coupon_cents > 0 then 1 end)
            as reduced_line_count,
        count(case when order_lines.quantity < 0 or order_lines.amount_cents < 0 then 1 end)
            as return_line_count,
        sum(greatest(coalesce(order_lines.quantity, 0), 0)) as unit_count,
        sum(order_lines.amount_cents) as amount_cents
    from order_lines
    cross join asked
    where order_lines.is_counted
    group by
        order_lines.source,
        order_lines.product_id,
        order_lines.order_id,
        order_lines.customer_id,
        order_lines.order_date
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, product_id, customer_id
            order by order_date, order_id
        ) as purchase_number
    from ordered
),

summed as (
    select
        source,
        product_id,
        order_date,
        count(*) as order_count,
        count(case when purchase_number = 1 then 1 end) as first_purchase_count,
        count(case when purchase_number = 2 then 1 end) as second_purchase_count,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(reduced_line_count) as bigint) as reduced_line_count,
        cast(sum(return_line_count) as bigint) as return_line_count,
        {{ double('sum(unit_count)') }} as unit_count,
        cast(sum(amount_cents) as bigint) as amount_cents
    from numbered
    group by source, product_id, order_date
)

select * from summed
