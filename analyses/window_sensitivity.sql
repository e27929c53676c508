-- How much the ranking of customers by recency, frequency and monetary value depends on the window:
-- Spearman correlation, and the share of customers who stay in the same fifth, for each pair of
-- windows. Customers with no order in a window have zero orders and spend there and rank last.
{% set windows = [30, 90, 365] %}
{% set pairs = [(30, 90), (30, 365), (90, 365)] %}

with features as (
    select * from {{ ref('customer_features') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

placed as (
    select
        features.customer_id,
        {% for days in windows %}
        case when features.recency_days <= {{ days }} then features.recency_days end
            as recency_{{ days }},
        features.order_count_{{ days }}_days as frequency_{{ days }},
        features.spend_{{ days }}_days_cents as monetary_{{ days }}{{ ',' if not loop.last }}
        {% endfor %}
    from features
    inner join as_of_dates
        on features.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
),

scored as (
    select
        customer_id,
        {% for days in windows %}
        rank() over (order by coalesce(recency_{{ days }}, 1000000) desc)
        + rank() over (order by frequency_{{ days }})
        + 2 * rank() over (order by monetary_{{ days }}) as score_{{ days }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from placed
),

ranked as (
    select
        customer_id,
        {% for days in windows %}
        (
            2 * {{ double('rank() over (order by score_' ~ days ~ ')') }} - 1
            + count(*) over (partition by score_{{ days }})
        ) / 2 as rank_{{ days }},
        {{ tie_safe_score('score_' ~ days, '1') }} as fifth_{{ days }}{{ ',' if not loop.last }}
        {% endfor %}
    from scored
),

compared as (
    {% for shorter, longer in pairs %}
    select
        {{ shorter }} as shorter_window_days,
        {{ longer }} as longer_window_days,
        count(*) as customer_count,
        round({{ correlation('rank_' ~ shorter, 'rank_' ~ longer) }}, 3) as rank_correlation,
        round({{ ratio(
            'count(case when fifth_' ~ shorter ~ ' = fifth_' ~ longer ~ ' then 1 end)', 'count(*)'
        ) }}, 3) as same_fifth_share
    from ranked
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from compared
order by shorter_window_days, longer_window_days
