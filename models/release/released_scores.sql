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

released as (
    select
        scores.*,
        names.segment_name,
        spec.entity
    from scores
    inner join released_versions
        on
            scores.segmentation = released_versions.segmentation
            and scores.model_version = released_versions.model_version
    inner join names
        on
            scores.segmentation = names.segmentation
            and scores.model_version = names.model_version
            and scores.segment_id = names.segment_id
    inner join spec on scores.segmentation = spec.segmentation
)

select * from released
