with aggregated as (
    select * from {{ ref('int_profiles__aggregated') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

fitted as (
    select scales.segmentation, scales.feature
    from scales
    inner join released_versions
        on
            scales.segmentation = released_versions.segmentation
            and scales.model_version = released_versions.model_version
),

compared as (
    select
        segments.segmentation,
        segments.segment_id,
        segments.feature,
        definitions.unit,
        definitions.label,
        fitted.feature is not null as is_fitted,
        segments.mean as segment_mean,
        segments.median as segment_median,
        population.mean as population_mean,
        population.median as population_median,
        case
            when population.sd > 0.000000001
                then round((segments.mean - population.mean) / population.sd, 9)
            else 0
        end as standardised_difference
    from aggregated as segments
    inner join aggregated as population
        on
            segments.segmentation = population.segmentation
            and segments.feature = population.feature
            and population.segment_id = -1
    inner join definitions on segments.feature = definitions.feature
    left join fitted
        on segments.segmentation = fitted.segmentation and segments.feature = fitted.feature
    where segments.segment_id >= 0 and definitions.availability = 'available'
),

ranked as (
    select
        *,
        cast(row_number() over (
            partition by segmentation, segment_id
            order by abs(standardised_difference) desc, feature
        ) as bigint) as importance_rank,
        {{ release_id() }} as release_id
    from compared
)

select * from ranked
