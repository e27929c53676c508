with history as (
    select * from {{ ref('customer_segment_history') }}
),

followed as (
    select
        customer_id,
        segmentation,
        entered_on,
        left_on,
        lead(entered_on) over (
            partition by segmentation, customer_id
            order by entered_on
        ) as next_entered_on
    from history
),

overlapping as (
    select *
    from followed
    where
        left_on <= entered_on
        or left_on > next_entered_on
        or (left_on is null and next_entered_on is not null)
)

select * from overlapping
