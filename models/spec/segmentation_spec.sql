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
        max(value) filter (where key = '{{ key }}') as {{ key }},
        {% endfor %}
        max(value) filter (where key = 'granularity.horizon') as horizon,
        max(value) filter (where key = 'granularity.level') as level,
        cast(max(value) filter (where key = 'deprecated_on') as date) as deprecated_on,
        max(value) filter (where key = 'outcome.metric') as outcome_metric,
        cast(max(value) filter (where key = 'outcome.window_days') as int) as outcome_window_days,
        max(value) filter (where key = 'population.include_inactive') = 'True'
            as includes_inactive,
        cast(max(value) filter (where key = 'population.inactive_after_days') as int)
            as inactive_after_days,
        cast(max(value) filter (where key = 'population.minimum_orders') as int)
            as minimum_orders,
        {{ double("max(value) filter (where key = 'population.maximum_orders_per_active_day')") }}
            as maximum_orders_per_active_day,
        nullif({{ join_text('value', "key = 'population.regions'") }}, '') as regions,
        cast(max(value) filter (where key = 'population.training_rows') as int) as training_rows,
        cast(max(value) filter (where key = 'segment_count.minimum') as int)
            as minimum_segment_count,
        cast(max(value) filter (where key = 'segment_count.maximum') as int)
            as maximum_segment_count,
        {{ double("max(value) filter (where key = 'smallest_share')") }} as smallest_share,
        {{ double("max(value) filter (where key = 'borderline_margin')") }} as borderline_margin,
        max(value) filter (where key = 'fallback.name') as fallback_name,
        cast(max(value) filter (where key = 'review_by') as date) as review_by,
        max(value) filter (where key = 'spec_hash') as spec_hash,
        max(value) filter (where key = 'spec') as spec,
        '{{ var("reporting_currency") }}' as reporting_currency,
        {{ release_id() }} as release_id
    from entries
    where segmentation != '*'
    group by segmentation
)

select * from pivoted
