with tested as (
    select * from {{ ref('int_tests__measured') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

versions as (
    select * from {{ ref('released_versions') }}
),

fitted as (
    select scales.segmentation, scales.feature
    from scales
    inner join versions
        on
            scales.segmentation = versions.segmentation
            and scales.model_version = versions.model_version
),

joined as (
    select
        tested.*,
        definitions.label,
        fitted.feature is not null as is_fitted,
        case
            when tested.obstacle is not null then 'cannot be told: ' || tested.obstacle
            when tested.adjusted_p_value >= 0.05 then 'no difference is shown'
            when tested.effect_size = 'negligible'
                then 'differs surely, but by next to nothing'
            else 'differs: the effect is ' || tested.effect_size
        end as difference
    from tested
    left join definitions
        on tested.kind = 'feature' and tested.feature = definitions.feature
    left join fitted
        on
            tested.kind = 'feature'
            and tested.segmentation = fitted.segmentation
            and tested.feature = fitted.feature
    where tested.kind = 'category' or definitions.availability = 'available'
),

judged as (
    select
        segmentation,
        kind,
        feature,
        coalesce(label, feature) as label,
        is_fitted,
        test,
        statistic,
        df_between,
        df_within,
        p_value,
        adjusted_p_value,
        case kind when 'feature' then 'omega squared' else 'Cramer V' end as effect_measure,
        effect,
        effect_size,
        eta_squared,
        difference || case
            when is_fitted and obstacle is null then ' (the model was fitted on it)'
            else ''
        end as verdict,
        customer_count,
        {{ release_id() }} as release_id
    from joined
)

select * from judged
