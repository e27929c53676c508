with released_scores as (
    select * from {{ ref('released_scores') }}
),

products as (
    select * from {{ ref('int_products__as_of') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

dated as (
    select
        products.source,
        products.product_id,
        released_scores.segmentation,
        released_scores.segment_id,
        released_scores.segment_name,
        released_scores.membership_probability,
        released_scores.second_segment_id,
        released_scores.margin,
        released_scores.is_borderline,
        released_scores.assignment_method,
        released_scores.assignment_reason,
        released_scores.model_version,
        released_scores.as_of_date,
        {{ valid_until('released_scores.as_of_date', 'spec.refresh') }} as valid_until,
        {{ release_id() }} as release_id
    from released_scores
    inner join products
        on
            released_scores.customer_id = products.product_key
            and released_scores.as_of_date = products.as_of_date
    inner join spec on released_scores.segmentation = spec.segmentation
    where released_scores.is_current and released_scores.entity = 'product'
)

select * from dated
