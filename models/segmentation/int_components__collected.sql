with components as (
    select * from {{ ref('seg_components') }}
),

fits as (
    select * from {{ ref('seg_fits') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

collected as (
    select
        segmentation,
        model_version,
        segment_id,
        component_id,
        kind,
        max(score_offset) as score_offset,
        max(reach) as reach,
        max(outside) as outside,
        {{ collect_vector('component_mean', 'position') }} as means,
        {{ collect_vector('component_precision', 'position') }} as precisions,
        {{ collect_vector('coalesce(low, -1e300)', 'position') }} as lows,
        {{ collect_vector('coalesce(high, 1e300)', 'position') }} as highs
    from components
    group by segmentation, model_version, segment_id, component_id, kind
),

rooted as (
    select
        fits.segmentation,
        fits.model_version,
        fits.component as component_id,
        {{ collect_vector('fits.value', 'fits.position * 100000 + scales.position') }} as roots
    from fits
    inner join scales
        on
            fits.segmentation = scales.segmentation
            and fits.model_version = scales.model_version
            and fits.feature = scales.feature
    where fits.is_chosen and fits.parameter = 'root'
    group by fits.segmentation, fits.model_version, fits.component
),

formed as (
    select
        segmentation,
        model_version,
        {{ version_form() }} as form
    from collected
    group by segmentation, model_version
),

joined as (
    select
        collected.*,
        rooted.roots,
        formed.form
    from collected
    inner join formed
        on
            collected.segmentation = formed.segmentation
            and collected.model_version = formed.model_version
    left join rooted
        on
            collected.segmentation = rooted.segmentation
            and collected.model_version = rooted.model_version
            and collected.component_id = rooted.component_id
)

select * from joined
