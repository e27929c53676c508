with scores as (
    select * from {{ ref('released_scores') }}
),

categories as (
    select * from {{ ref('customer_categories') }}
),

counted as (
    select
        scores.segmentation,
        categories.attribute,
        categories.value,
        scores.segment_id,
        count(*) as customer_count
    from scores
    inner join categories
        on
            scores.customer_id = categories.customer_id
            and scores.as_of_date = categories.as_of_date
    where scores.is_current and scores.segment_id != 0
    group by scores.segmentation, categories.attribute, categories.value, scores.segment_id
)

select * from counted
