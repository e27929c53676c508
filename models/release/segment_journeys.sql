with segments as (
    select * from {{ ref('seg_segments') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

stages as (
    select * from {{ ref('journey_stages') }}
),

released as (
    select
        segments.segmentation,
        segments.segment_id,
        segments.segment_name,
        segments.model_version
    from segments
    inner join released_versions
        on
            segments.segmentation = released_versions.segmentation
            and segments.model_version = released_versions.model_version
),

mapped as (
    select
        stages.*,
        released_versions.model_version
    from stages
    inner join released_versions on stages.segmentation = released_versions.segmentation
),

joined as (
    select
        coalesce(released.segmentation, mapped.segmentation) as segmentation,
        coalesce(released.segment_id, mapped.segment_id) as segment_id,
        released.segment_name,
        coalesce(released.model_version, mapped.model_version) as model_version,
        mapped.persona,
        mapped.journey_stage,
        mapped.reason,
        mapped.approved_by,
        case
            when released.segment_id is null then 'no such segment'
            when released.segment_id = 0 then 'fallback'
            when mapped.segment_id is null then 'unmapped'
            else 'mapped'
        end as status,
        {{ release_id() }} as release_id
    from released
    full outer join mapped
        on
            released.segmentation = mapped.segmentation
            and released.segment_id = mapped.segment_id
)

select * from joined
