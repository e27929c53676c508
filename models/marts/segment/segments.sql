with counted as (
    select * from {{ ref('int_segments__counted') }}
),

described as (
    select * from {{ ref('int_segments__described') }}
),

joined as (
    select
        counted.segmentation,
        counted.segment_id,
        counted.segment_name,
        described.description,
        counted.customer_count,
        counted.customer_share,
        counted.spend_cents,
        counted.model_version,
        counted.status,
        {{ release_id() }} as release_id
    from counted
    left join described
        on
            counted.segmentation = described.segmentation
            and counted.segment_id = described.segment_id
)

select * from joined
