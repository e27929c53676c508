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
        max(case when parameter = 'offset' then value end) as score_offset,
        max(case when parameter = 'reach' then value end) as reach,
        max(case when parameter = 'outside' then value end) as outside,
        max(case when parameter = 'component_name' then note end) as component_name,
        case
            when count(case when parameter = 'outside' then 1 end) > 0 then 'box'
            when count(case when parameter = 'root' then 1 end) > 0 then 'full'
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
        max(case when parameter = 'mean' then value end) as component_mean,
        max(case when parameter = 'precision' then value end) as component_precision,
        max(case when parameter = 'low' then value end) as low,
        max(case when parameter = 'high' then value end) as high
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
