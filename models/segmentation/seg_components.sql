with fits as (
    select * from {{ ref('seg_fits') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

numbered as (
    select
        segmentation,
        model_version,
        segment_id,
        coalesce(component, segment_id) as component_id,
        feature,
        parameter,
        value,
        note
    from fits
    where is_chosen and segment_id is not null
),

wholes as (
    select
        segmentation,
        model_version,
        component_id,
        max(value) filter (where parameter = 'offset') as score_offset,
        max(value) filter (where parameter = 'reach') as reach,
        max(value) filter (where parameter = 'outside') as outside,
        max(note) filter (where parameter = 'component_name') as component_name,
        case
            when count(*) filter (where parameter = 'outside') > 0 then 'box'
            when count(*) filter (where parameter = 'root') > 0 then 'full'
            else 'point'
        end as kind
    from numbered
    group by segmentation, model_version, component_id
),

pivoted as (
    select
        segmentation,
        model_version,
        segment_id,
        component_id,
        feature,
        max(value) filter (where parameter = 'mean') as component_mean,
        max(value) filter (where parameter = 'precision') as component_precision,
        max(value) filter (where parameter = 'low') as low,
        max(value) filter (where parameter = 'high') as high
    from numbered
    where feature is not null
    group by segmentation, model_version, segment_id, component_id, feature
),

placed as (
    select
        pivoted.*,
        scales.position,
        wholes.score_offset,
        wholes.reach,
        wholes.outside,
        wholes.component_name,
        wholes.kind
    from pivoted
    inner join scales
        on
            pivoted.segmentation = scales.segmentation
            and pivoted.model_version = scales.model_version
            and pivoted.feature = scales.feature
    inner join wholes
        on
            pivoted.segmentation = wholes.segmentation
            and pivoted.model_version = wholes.model_version
            and pivoted.component_id = wholes.component_id
)

select * from placed
