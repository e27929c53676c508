with alert_log as (
    select * from {{ ref('alert_log') }}
),

raised as (
    select segmentation, model_version, kind, reason, serving_version, serving_release_id
    from alert_log
    where measured_release_id = {{ release_id() }}
)

select * from raised
