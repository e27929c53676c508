{% set vector_features = [] %}
{% for feature in features() if feature.is_allowed %}
{% do vector_features.append('features.' ~ feature.name) %}
{% endfor %}

with scores as (
    select * from {{ ref('seg_scores') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

learned as (
    select * from {{ ref('int_rules__learned') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

vectors as (
    select
        customer_id,
        as_of_date,
        {{ make_vector(vector_features) }} as feature_values
    from features
),

collected as (
    select
        learned.segmentation,
        learned.model_version,
        learned.rule_number,
        max(learned.segment_id) as segment_id,
        {{ collect_vector('definitions.vector_position', 'definitions.vector_position') }}
            as positions,
        {{ collect_vector('coalesce(learned.low, -1e300)', 'definitions.vector_position') }}
            as lows,
        {{ collect_vector('coalesce(learned.high, 1e300)', 'definitions.vector_position') }}
            as highs
    from learned
    inner join definitions on learned.feature = definitions.feature
    group by learned.segmentation, learned.model_version, learned.rule_number
),

applied as (
    select
        scores.segmentation,
        scores.model_version,
        scores.customer_id,
        scores.segment_id,
        {{ is_held_out('scores.customer_id') }} as is_held_out,
        collected.rule_number,
        collected.segment_id as rule_segment_id
    from scores
    inner join vectors
        on
            scores.customer_id = vectors.customer_id
            and scores.as_of_date = vectors.as_of_date
    left join collected
        on
            scores.segmentation = collected.segmentation
            and scores.model_version = collected.model_version
            and {{ is_within_bounds('vectors.feature_values', 'collected') }}
    where scores.is_current and scores.assignment_method = 'model'
),

counted as (
    select
        segmentation,
        model_version,
        segment_id,
        is_held_out,
        rule_number,
        rule_segment_id,
        count(*) as customer_count
    from applied
    group by
        segmentation, model_version, segment_id, is_held_out, rule_number, rule_segment_id
)

select * from counted
