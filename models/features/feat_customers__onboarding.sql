{{ config(pre_hook='{{ remove_stale(this) }}') }}
{% set onboarding = var('onboarding') %}

with orders as (
    select * from {{ ref('int_orders__summed') }}
    where {{ is_stale() }}
),

aged as (
    select
        *,
        {{ days_between('first_order_date', 'as_of_date') }} - {{ onboarding.days }} as net_days
    from orders
),

measured as (
    select
        customer_id,
        as_of_date,
        greatest(net_days, 0) as tenure_net_days,
        settled_count as order_count_after_onboarding,
        settled_cents as spend_after_onboarding_cents,
        unwelcomed_count as order_count_without_welcome,
        unwelcomed_cents as spend_without_welcome_cents,
        {{ ratio('settled_count * 30', 'greatest(net_days, 0)') }} as orders_per_month_net
    from aged
)

select * from measured
