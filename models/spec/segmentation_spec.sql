with entries as (
    select * from {{ ref('int_spec__parsed') }}
),

pivoted as (
    select
        segmentation,
        {% for key in [
            'objective', 'purpose', 'owner', 'use_case', 'stage', 'scope', 'replaced_by', 'entity',
            'scaler', 'rank_by', 'refresh',
        ] %}
        max(case when key = '{{ key }}' then value end) as {{ key }},
        {% endfor %}
        max(case when key = 'granularity.horizon' then value end) as horizon,
        max(case when key = 'granularity.level' then value end) as level,
        cast(max(case when key = 'deprecated_on' then value end) as date) as deprecated_on,
        max(case when key = 'outcome.metric' then value end) as outcome_metric,
        cast(max(case when key = 'outcome.window_days' then value end) as int)
            as outcome_window_days,
        max(case when key = 'population.include_inactive' then value end) = 'True'
            as includes_inactive,
        cast(max(case when key = 'population.inactive_after_days' then value end) as int)
            as inactive_after_days,
        cast(max(case when key = 'population.minimum_orders' then value end) as int)
            as minimum_orders,
        {{ double(
            "max(case when key = 'population.maximum_orders_per_active_day' then value end)"
        ) }}
            as maximum_orders_per_active_day,
        nullif({{ join_text('value', "key = 'population.regions'") }}, '') as regions,
        cast(max(case when key = 'population.training_rows' then value end) as int)
            as training_rows,
        cast(max(case when key = 'segment_count.minimum' then value end) as int)
            as minimum_segment_count,
        cast(max(case when key = 'segment_count.maximum' then value end) as int)
            as maximum_segment_count,
        {{ double("max(case when key = 'smallest_share' then value end)") }} as smallest_share,
        {{ double("max(case when key = 'borderline_margin' then value end)") }}
            as borderline_margin,
        max(case when key = 'fallback.name' then value end) as fallback_name,
        cast(max(case when key = 'review_by' then value end) as date) as review_by,
        max(case when key = 'spec_hash' then value end) as spec_hash,
        max(case when key = 'spec' then value end) as spec,
        '{{ var("reporting_currency") }}' as reporting_currency,
        {{ release_id() }} as release_id
    from entries
    where segmentation != '*'
    group by segmentation
)

select * from pivoted
