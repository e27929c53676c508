with scores as (
    select * from {{ ref('released_scores') }}
),

standardised as (
    select * from {{ ref('seg_standardised') }}
),

components as (
    select * from {{ ref('int_components__compared') }}
),

paired as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        segment_id,
        second_segment_id,
        is_borderline,
        component_id,
        coalesce(second_component_id, -component_id) as second_component_id
    from scores
    where is_current and assignment_method = 'model'
),

taken as (
    select
        paired.segmentation,
        paired.model_version,
        paired.as_of_date,
        paired.customer_id,
        paired.segment_id,
        paired.second_segment_id,
        paired.is_borderline,
        standardised.standardised_values,
        best.score_offset - other.score_offset as base_rate,
        {{ component_score('standardised.standardised_values', 'best') }}
        - {{ component_score('standardised.standardised_values', 'other') }}
            as score_difference,
        {{ component_losses('standardised.standardised_values', 'best') }} as losses,
        {{ component_losses('standardised.standardised_values', 'other') }} as other_losses
    from paired
    inner join standardised
        on
            paired.segmentation = standardised.segmentation
            and paired.model_version = standardised.model_version
            and paired.as_of_date = standardised.as_of_date
            and paired.customer_id = standardised.customer_id
    inner join components as best
        on
            paired.segmentation = best.segmentation
            and paired.component_id = best.component_id
    inner join components as other
        on
            paired.segmentation = other.segmentation
            and paired.second_component_id = other.component_id
),

weighed as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        segment_id,
        second_segment_id,
        is_borderline,
        standardised_values,
        round(base_rate, 9) as base_rate,
        round(score_difference, 9) as score_difference,
        {{ vector_difference('other_losses', 'losses') }} as contributions
    from taken
)

select * from weighed
