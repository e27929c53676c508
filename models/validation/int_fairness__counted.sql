with scores as (
    select * from {{ ref('seg_scores') }}
),

attributes as (
    select * from {{ ref('customer_protected_attributes') }}
),

counted as (
    select
        scores.segmentation,
        scores.model_version,
        scores.as_of_date,
        attributes.attribute,
        attributes.value,
        scores.segment_id,
        count(*) as customer_count
    from scores
    inner join attributes on scores.customer_id = attributes.customer_id
    where scores.is_current
    group by
        scores.segmentation,
        scores.model_version,
        scores.as_of_date,
        attributes.attribute,
        attributes.value,
        scores.segment_id
)

select * from counted
