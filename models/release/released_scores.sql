with scores as (
    select * from {{ ref('seg_scores') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

released as (
    select
        scores.*,
        names.segment_name
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
)

select * from released
