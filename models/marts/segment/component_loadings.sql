with axes as (
    select * from {{ ref('seg_axes') }}
),

definitions as (
    select * from {{ ref('seg_definitions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

labelled as (
    select
        axes.segmentation,
        axes.model_version,
        axes.component,
        axes.is_fitted,
        axes.description,
        axes.explained_share,
        axes.feature,
        definitions.label
        || case
            when scales.attribute is null then ''
            when scales.transform = 'other' then ': other'
            else ': ' || scales.level
        end as label,
        axes.loading,
        case
            when scales.attribute is not null then null
            when axes.loading < 0 then definitions.low_phrase
            else definitions.high_phrase
        end as phrase
    from axes
    inner join released_versions
        on
            axes.segmentation = released_versions.segmentation
            and axes.model_version = released_versions.model_version
    inner join scales
        on
            axes.segmentation = scales.segmentation
            and axes.model_version = scales.model_version
            and axes.feature = scales.feature
    left join definitions on coalesce(scales.attribute, scales.feature) = definitions.feature
),

ranked as (
    select
        segmentation,
        model_version,
        component,
        is_fitted,
        description,
        explained_share,
        feature,
        label,
        loading,
        phrase,
        cast(row_number() over (
            partition by segmentation, model_version, component
            order by abs(loading) desc, feature
        ) as bigint) as importance_rank,
        {{ release_id() }} as release_id
    from labelled
)

select * from ranked
