{{ config(pre_hook='{{ remove_stale(this) }}') }}

with orders as (
    select * from {{ ref('int_orders__summed') }}
    where {{ is_stale() }}
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
    from orders
)

select * from measured
