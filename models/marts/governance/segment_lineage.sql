with lineage as (
    select * from {{ ref('seg_lineage') }}
),

segments as (
    select * from {{ ref('seg_segments') }}
),

named as (
    select
        lineage.segmentation,
        lineage.model_version,
        lineage.segment_id,
        coalesce(mine.segment_name, lives.segment_name) as segment_name,
        lineage.live_version,
        lineage.left_out_features,
        lineage.kind,
        lineage.from_segment_ids,
        lineage.to_segment_ids,
        lineage.jaccard,
        lineage.live_member_count,
        lineage.member_count,
        {{ release_id() }} as release_id
    from lineage
    left join segments as mine
        on
            lineage.segmentation = mine.segmentation
            and lineage.model_version = mine.model_version
            and lineage.segment_id = mine.segment_id
    left join segments as lives
        on
            lineage.segmentation = lives.segmentation
            and lineage.live_version = lives.model_version
            and lineage.segment_id = lives.segment_id
)

select * from named
