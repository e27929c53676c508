{{ config(pre_hook='{{ remove_stale(this) }}') }}

with orders as (
    select * from {{ ref('int_orders__summed') }}
    where {{ is_stale() }}
),

measured as (
    select
        customer_id,
        as_of_date,
        {% for days in [30, 90, 365] %}
        spend_{{ days }}_days_cents,
        order_count_{{ days }}_days,
        {% endfor %}
        {{ double('spend_90_days_cents - previous_cents') }}
        / nullif(spend_90_days_cents + previous_cents, 0) as spend_change_share,
        {{ double('weighted_cents') }} / 35 as spend_slope_cents_per_month
    from orders
)

select * from measured
