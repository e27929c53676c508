{{ config(**layout('customer_id', 'as_of_date')) }}

with released_scores as (
    select * from {{ ref('released_scores') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
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
        case when versions.algorithm = 'nested_kmeans' then released_scores.component_id end
            as micro_segment_id,
        released_scores.model_version,
        released_scores.as_of_date,
        {{ valid_until('released_scores.as_of_date', 'spec.refresh') }} as valid_until,
        {{ release_id() }} as release_id
    from released_scores
    inner join spec on released_scores.segmentation = spec.segmentation
    left join versions
        on
            released_scores.segmentation = versions.segmentation
            and released_scores.model_version = versions.model_version
    where released_scores.is_current and released_scores.entity = 'customer'
)

select * from dated
