{% set onboarding = var('onboarding') %}

with orders as (
    select * from {{ ref('int_orders__valued') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

begun as (
    select
        *,
        min(order_date) over (partition by customer_id) as first_order_date
    from orders
),

aged as (
    select
        *,
        {{ days_between('first_order_date', 'order_date') }} >= {{ onboarding.days }}
            as is_settled,
        discount_cents + coupon_cents > 0 as is_promoted
    from begun
),

numbered as (
    select
        *,
        not is_settled
        and is_promoted
        and row_number() over (
            partition by customer_id, is_settled, is_promoted
            order by order_date, order_hour nulls last, source, order_id
        ) <= {{ onboarding.first_orders }} as is_welcome
    from aged
),

counted as (
    select
        numbered.customer_id,
        as_of_dates.as_of_date,
        {{ days_between('min(numbered.first_order_date)', 'as_of_dates.as_of_date') }}
        - {{ onboarding.days }} as net_days,
        count(case when numbered.is_settled then 1 end) as settled_count,
        sum(case when numbered.is_settled then numbered.amount_cents end) as settled_cents,
        count(case when not numbered.is_welcome then 1 end) as unwelcomed_count,
        sum(case when not numbered.is_welcome then numbered.amount_cents end) as unwelcomed_cents
    from numbered
    inner join as_of_dates on numbered.order_date < as_of_dates.as_of_date
    group by numbered.customer_id, as_of_dates.as_of_date
),

measured as (
    select
        customer_id,
        as_of_date,
        greatest(net_days, 0) as tenure_net_days,
        settled_count as order_count_after_onboarding,
        cast(coalesce(settled_cents, 0) as bigint) as spend_after_onboarding_cents,
        unwelcomed_count as order_count_without_welcome,
        cast(coalesce(unwelcomed_cents, 0) as bigint) as spend_without_welcome_cents,
        {{ ratio('settled_count * 30', 'greatest(net_days, 0)') }} as orders_per_month_net
    from counted
)

select * from measured
