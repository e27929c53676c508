with standardised as (
    select * from {{ ref('seg_standardised') }}
),

components as (
    select * from {{ ref('seg_components') }}
),

collected as (
    select
        segmentation,
        model_version,
        segment_id,
        max(score_offset) as score_offset,
        {{ collect_vector('component_mean', 'position') }} as means,
        {{ collect_vector('component_precision', 'position') }} as precisions
    from components
    group by segmentation, model_version, segment_id
),

scored as (
    select
        standardised.segmentation,
        standardised.model_version,
        standardised.as_of_date,
        standardised.customer_id,
        collected.segment_id,
        {{ component_score('standardised.standardised_values', 'collected') }} as score
    from standardised
    inner join collected
        on
            standardised.segmentation = collected.segmentation
            and standardised.model_version = collected.model_version
    where {{ is_complete('standardised.standardised_values') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, model_version, as_of_date, customer_id
            order by score desc, segment_id asc
        ) as place,
        exp(
            score - max(score) over (
                partition by segmentation, model_version, as_of_date, customer_id
            )
        ) as likelihood
    from scored
),

totalled as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        max(segment_id) filter (where place = 1) as segment_id,
        max(segment_id) filter (where place = 2) as second_segment_id,
        max(likelihood) filter (where place = 1) as best_likelihood,
        max(likelihood) filter (where place = 2) as second_likelihood,
        {{ double('sum(cast(likelihood as decimal(38, 18)))') }} as total_likelihood
    from ranked
    group by segmentation, model_version, as_of_date, customer_id
),

labelled as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        segment_id,
        second_segment_id,
        round(best_likelihood / total_likelihood, 9) as membership_probability,
        round((best_likelihood - coalesce(second_likelihood, 0)) / total_likelihood, 9) as margin
    from totalled
)

select * from labelled
