with orders as (
    select * from {{ ref('int_orders__as_of') }}
),

summed as (
    select
        customer_id,
        as_of_date,
        count(*) as order_count,
        sum(line_count) as line_count,
        sum(unit_count) as unit_count,
        sum(amount_cents) as amount_cents,
        sum(cast(amount_cents as decimal(38, 0)) * amount_cents) as amount_squares,
        max(amount_cents) as largest_order_value_cents,
        count(case when line_count <= 3 then 1 end) as small_order_count
    from orders
    group by customer_id, as_of_date
),

measured as (
    select
        customer_id,
        as_of_date,
        {{ ratio('line_count', 'order_count') }} as lines_per_order,
        {{ ratio('unit_count', 'order_count') }} as units_per_order,
        {{ ratio('amount_cents', 'order_count') }} as mean_order_value_cents,
        {{ sample_stddev('order_count', 'amount_cents', 'amount_squares') }}
            as sd_order_value_cents,
        largest_order_value_cents,
        {{ ratio('small_order_count', 'order_count') }} as small_order_share
    from summed
)

select * from measured
