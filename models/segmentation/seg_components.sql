with fits as (
    select * from {{ ref('seg_fits') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

offsets as (
    select segmentation, model_version, segment_id, value as score_offset
    from fits
    where is_chosen and parameter = 'offset'
),

pivoted as (
    select
        segmentation,
        model_version,
        segment_id,
        feature,
        max(value) filter (where parameter = 'mean') as component_mean,
        max(value) filter (where parameter = 'precision') as component_precision
    from fits
    where is_chosen and feature is not null and segment_id is not null
    group by segmentation, model_version, segment_id, feature
),

placed as (
    select
        pivoted.*,
        scales.position,
        offsets.score_offset
    from pivoted
    inner join scales
        on
            pivoted.segmentation = scales.segmentation
            and pivoted.model_version = scales.model_version
            and pivoted.feature = scales.feature
    inner join offsets
        on
            pivoted.segmentation = offsets.segmentation
            and pivoted.model_version = offsets.model_version
            and pivoted.segment_id = offsets.segment_id
)

select * from placed
