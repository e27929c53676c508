{{ config(pre_hook='{{ remove_stale(this) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

weights as (
    select
        {% for score in ['recency', 'frequency', 'monetary'] %}
        {{ double("max(case when key = 'rfm_weights." ~ score ~ "' then value end)") }}
            as {{ score }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_spec__parsed') }}
),

measured as (
    select
        customer_id,
        as_of_date,
        {{ days_between('last_order_date', 'as_of_date') }} as recency_days,
        order_count,
        spend_cents
    from customers
    where order_count > 0
),

scored as (
    select
        *,
        {{ tie_safe_score('recency_days', 'as_of_date', 'desc') }} as recency_score,
        {{ tie_safe_score('order_count', 'as_of_date') }} as frequency_score,
        {{ tie_safe_score('spend_cents', 'as_of_date') }} as monetary_score
    from measured
),

weighted as (
    select
        scored.*,
        (
            scored.recency_score * weights.recency
            + scored.frequency_score * weights.frequency
            + scored.monetary_score * weights.monetary
        ) / (weights.recency + weights.frequency + weights.monetary) as rfm_score
    from scored
    cross join weights
)

select * from weighted
