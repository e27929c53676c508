with members as (
    select segmentation, segment_id, segment_name from {{ ref('customer_segments') }}
    union all
    select segmentation, segment_id, segment_name from {{ ref('product_segments') }}
),

segments as (
    select * from {{ ref('segments') }}
),

unlabelled as (
    select
        members.segmentation,
        members.segment_id,
        members.segment_name,
        segments.segment_name as published_name,
        count(*) as customer_count
    from members
    left join segments
        on
            members.segmentation = segments.segmentation
            and members.segment_id = segments.segment_id
    where coalesce(segments.segment_name, '') != members.segment_name
    group by
        members.segmentation, members.segment_id, members.segment_name, segments.segment_name
)

select * from unlabelled
