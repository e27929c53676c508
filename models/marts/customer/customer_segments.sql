with released_scores as (
    select * from {{ ref('released_scores') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

dated as (
    select
        released_scores.customer_id,
        released_scores.segmentation,
        released_scores.segment_id,
        released_scores.segment_name,
        released_scores.membership_probability,
        released_scores.second_segment_id,
        released_scores.margin,
        released_scores.is_borderline,
        released_scores.assignment_method,
        released_scores.assignment_reason,
        released_scores.model_version,
        released_scores.as_of_date,
        {{ refresh_due_on('released_scores.as_of_date', 'spec.refresh') }} as valid_until,
        {{ release_id() }} as release_id
    from released_scores
    inner join spec on released_scores.segmentation = spec.segmentation
    where released_scores.is_current
)

select * from dated
