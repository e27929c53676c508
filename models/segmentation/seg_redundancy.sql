with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        feature,
        max(case when parameter = 'vif' then value end) as vif,
        max(case when parameter = 'max_correlation' then value end) as max_correlation,
        max(case when parameter = 'max_correlation' then note end) as correlated_with,
        max(case when parameter = 'redundancy_decision' then value end) = 1 as is_kept,
        max(case when parameter = 'redundancy_decision' then note end) as decision
    from fits
    where parameter in ('vif', 'max_correlation', 'redundancy_decision')
    group by segmentation, model_version, feature
)

select * from pivoted
