with history as (
    select * from {{ ref('customer_segment_history') }}
),

members as (
    select * from {{ ref('customer_segments') }}
),

present as (
    select segmentation, customer_id, segment_id
    from history
    where left_on is null
),

compared as (
    select
        coalesce(members.segmentation, present.segmentation) as segmentation,
        coalesce(members.customer_id, present.customer_id) as customer_id,
        members.segment_id,
        present.segment_id as segment_id_in_history
    from members
    full outer join present
        on
            members.segmentation = present.segmentation
            and members.customer_id = present.customer_id
),

differing as (
    select *
    from compared
    where coalesce(segment_id, -1) != coalesce(segment_id_in_history, -1)
)

select * from differing
