with ranked as (
    select * from {{ ref('int_drivers__ranked') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

fitted as (
    select distinct segmentation, model_version, feature
    from scales
),

joined as (
    select
        ranked.segmentation,
        ranked.target,
        ranked.driver_rank,
        ranked.feature,
        definitions.label,
        ranked.importance,
        ranked.importance_sd,
        ranked.importance > 2 * ranked.importance_sd and ranked.score > 0 as is_clear,
        ranked.stands_for,
        fitted.feature is not null as is_fitted,
        case ranked.target
            when 'outcome'
                then
                    spec.outcome_metric || ' of the next '
                    || cast(spec.outcome_window_days as {{ dbt.type_string() }}) || ' days'
            else 'segment'
        end as explained,
        ranked.measure,
        ranked.score,
        ranked.learned_count,
        ranked.judged_count,
        ranked.model_version,
        {{ release_id() }} as release_id
    from ranked
    inner join definitions on ranked.feature = definitions.feature
    inner join spec on ranked.segmentation = spec.segmentation
    left join fitted
        on
            ranked.segmentation = fitted.segmentation
            and ranked.model_version = fitted.model_version
            and ranked.feature = fitted.feature
)

select * from joined
