with orders as (
    select * from {{ ref('int_orders__as_of') }}
),

windowed as (
    select
        customer_id,
        as_of_date,
        {% for days in [30, 90, 365] %}
        cast(coalesce(sum(case when days_ago <= {{ days }} then amount_cents end), 0) as bigint)
            as spend_{{ days }}_days_cents,
        count(case when days_ago <= {{ days }} then 1 end) as order_count_{{ days }}_days,
        {% endfor %}
        coalesce(sum(case when days_ago between 91 and 180 then amount_cents end), 0)
            as previous_cents
    from orders
    group by customer_id, as_of_date
),

months as (
    select
        customer_id,
        as_of_date,
        5 - cast(floor((days_ago - 1) / 30) as bigint) as month_number,
        sum(amount_cents) as amount_cents
    from orders
    where days_ago <= 180
    group by customer_id, as_of_date, cast(floor((days_ago - 1) / 30) as bigint)
),

sloped as (
    select
        customer_id,
        as_of_date,
        {{ double('sum((2 * month_number - 5) * amount_cents)') }} / 35 as slope_cents
    from months
    group by customer_id, as_of_date
),

measured as (
    select
        windowed.customer_id,
        windowed.as_of_date,
        {% for days in [30, 90, 365] %}
        windowed.spend_{{ days }}_days_cents,
        windowed.order_count_{{ days }}_days,
        {% endfor %}
        {{ double('windowed.spend_90_days_cents - windowed.previous_cents') }}
        / nullif(windowed.spend_90_days_cents + windowed.previous_cents, 0)
            as spend_change_share,
        coalesce(sloped.slope_cents, 0) as spend_slope_cents_per_month
    from windowed
    left join sloped
        on
            windowed.customer_id = sloped.customer_id
            and windowed.as_of_date = sloped.as_of_date
)

select * from measured
