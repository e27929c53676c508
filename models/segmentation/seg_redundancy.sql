with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        feature,
        max(value) filter (where parameter = 'vif') as vif,
        max(value) filter (where parameter = 'max_correlation') as max_correlation,
        max(note) filter (where parameter = 'max_correlation') as correlated_with,
        max(value) filter (where parameter = 'redundancy_decision') = 1 as is_kept,
        max(note) filter (where parameter = 'redundancy_decision') as decision
    from fits
    where parameter in ('vif', 'max_correlation', 'redundancy_decision')
    group by segmentation, model_version, feature
)

select * from pivoted
