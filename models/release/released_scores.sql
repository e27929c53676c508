with scores as (
    select * from {{ ref('seg_scores') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

overrides as (
    select * from {{ ref('int_overrides__judged') }}
),

applied as (
    select segmentation, customer_id, as_of_date, segment_id, reason, approved_by, expires_on
    from overrides
    where outcome = 'applied'
),

overridden as (
    select
        scores.segmentation,
        scores.model_version,
        scores.as_of_date,
        scores.is_current,
        scores.customer_id,
        scores.segment_id as model_segment_id,
        coalesce(applied.segment_id, scores.segment_id) as segment_id,
        {% for column in [
            'component_id', 'membership_probability', 'second_segment_id', 'second_component_id',
            'margin',
        ] %}
        case when applied.segment_id is null then scores.{{ column }} end as {{ column }},
        {% endfor %}
        scores.is_borderline and applied.segment_id is null as is_borderline,
        case
            when applied.segment_id is null then scores.assignment_method
            else 'override'
        end as assignment_method,
        case
            when applied.segment_id is null then scores.assignment_reason
            else
                'overridden by ' || applied.approved_by || ' until '
                || cast(applied.expires_on as {{ dbt.type_string() }}) || ': ' || applied.reason
        end as assignment_reason
    from scores
    inner join released_versions
        on
            scores.segmentation = released_versions.segmentation
            and scores.model_version = released_versions.model_version
    left join applied
        on
            scores.segmentation = applied.segmentation
            and scores.customer_id = applied.customer_id
            and scores.as_of_date = applied.as_of_date
),

released as (
    select
        overridden.*,
        names.segment_name,
        spec.entity
    from overridden
    inner join names
        on
            overridden.segmentation = names.segmentation
            and overridden.model_version = names.model_version
            and overridden.segment_id = names.segment_id
    inner join spec on overridden.segmentation = spec.segmentation
)

select * from released
