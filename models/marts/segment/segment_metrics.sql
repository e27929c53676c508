{% set spend_30_days = of_subject('features', 'spend_30_days_cents') %}
{% set orders_30_days = of_subject('features', 'order_count_30_days') %}
{% set spend = of_subject('features', 'spend_cents') %}
{% set orders = of_subject('features', 'order_count') %}
{% set recency = of_subject('features', 'recency_days') %}
{% set metrics = {
    'customer_count': double('count(*)'),
    'spend_30_days_cents': double('sum(cast(' ~ spend_30_days ~ ' as bigint))'),
    'order_count_30_days': double('sum(cast(' ~ orders_30_days ~ ' as bigint))'),
    'mean_spend_30_days_cents': ratio('sum(cast(' ~ spend_30_days ~ ' as bigint))', 'count(*)'),
    'active_share': ratio('count(case when ' ~ recency ~ ' <= 30 then 1 end)', 'count(*)'),
    'mean_order_value_cents': ratio(
        'sum(cast(' ~ spend ~ ' as bigint))', 'sum(cast(' ~ orders ~ ' as bigint))'
    ),
    'lapsed_share': ratio('count(case when ' ~ recency ~ ' > 90 then 1 end)', 'count(*)'),
    'borderline_share': ratio(
        'count(case when released_scores.is_borderline then 1 end)', 'count(*)'
    ),
} %}

with released_scores as (
    select * from {{ ref('released_scores') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

aggregated as (
    select
        released_scores.segmentation,
        released_scores.segment_id,
        released_scores.as_of_date
        {%- for metric, expression in metrics.items() %},
        {{ expression }} as {{ metric }}
        {%- endfor %}
    from released_scores
    inner join features
        on
            released_scores.customer_id = features.customer_id
            and released_scores.as_of_date = features.as_of_date
    group by
        released_scores.segmentation, released_scores.segment_id, released_scores.as_of_date
),

unpivoted as (
    {% for metric in metrics %}
    select
        segmentation,
        segment_id,
        as_of_date,
        '{{ metric }}' as metric,
        {{ metric }} as value,
        {{ release_id() }} as release_id
    from aggregated
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unpivoted
