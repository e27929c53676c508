with retrain_decision as (
    select * from {{ ref('retrain_decision') }}
),

logged as (
    select
        segmentation,
        model_version,
        newest_version,
        should_retrain,
        is_acted_on,
        reasons,
        release_id as measured_release_id
    from retrain_decision
)

select * from logged
