{{ config(
    pre_hook='{{ remove_stale(this) }}',
    post_hook='{{ remaining_passes(this, customer_passes(3)) }}'
) }}

with orders as (
    select * from {{ ref('int_orders__begun') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

placed as (
    select
        orders.*,
        as_of_dates.as_of_date,
        {{ days_between('orders.order_date', 'as_of_dates.as_of_date') }} as days_ago
    from orders
    inner join as_of_dates on orders.order_date < as_of_dates.as_of_date
    where
        {{ in_pass('orders.customer_id', 3) }}
        and {{ is_stale('as_of_dates.as_of_date') }}
),

summed as (
    select
        customer_id,
        as_of_date,
        min(first_order_date) as first_order_date,
        count(*) as order_count,
        {% for column in [
            'line_count', 'discounted_line_count', 'unit_count', 'amount_cents', 'discount_cents',
            'coupon_cents',
        ] %}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {% endfor %}
        sum(cast(amount_cents as decimal(38, 0)) * amount_cents) as amount_squares,
        max(amount_cents) as largest_order_value_cents,
        count(case when line_count <= 3 then 1 end) as small_order_count,
        count(case when coupon_cents > 0 then 1 end) as coupon_order_count,
        count(case when {{ is_weekend('order_date') }} then 1 end) as weekend_count,
        count(order_hour) as timed_order_count,
        count(case when order_hour between 5 and 11 then 1 end) as morning_count,
        count(case when order_hour between 12 and 16 then 1 end) as afternoon_count,
        count(case when order_hour between 17 and 21 then 1 end) as evening_count,
        count(case when order_hour >= 22 or order_hour < 5 then 1 end) as night_count,
        {% for days in [30, 90, 365] %}
        cast(coalesce(sum(case when days_ago <= {{ days }} then amount_cents end), 0) as bigint)
            as spend_{{ days }}_days_cents,
        count(case when days_ago <= {{ days }} then 1 end) as order_count_{{ days }}_days,
        {% endfor %}
        cast(
            coalesce(sum(case when days_ago between 91 and 180 then amount_cents end), 0) as bigint
        ) as previous_cents,
        cast(
            coalesce(sum(
                case when days_ago <= 180
                    then (5 - 2 * cast(floor((days_ago - 1) / 30) as bigint)) * amount_cents
                end
            ), 0) as bigint
        ) as weighted_cents,
        count(case when is_settled then 1 end) as settled_count,
        cast(coalesce(sum(case when is_settled then amount_cents end), 0) as bigint)
            as settled_cents,
        count(case when not is_welcome then 1 end) as unwelcomed_count,
        cast(coalesce(sum(case when not is_welcome then amount_cents end), 0) as bigint)
            as unwelcomed_cents
    from placed
    group by customer_id, as_of_date
)

select * from summed
