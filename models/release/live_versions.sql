with spec as (
    select * from {{ ref('segmentation_spec') }}
),

live_log as (
    select * from {{ ref('live_log') }} where measured_release_id = {{ release_id() }}
),

live as (
    select
        spec.segmentation,
        case when live_log.obstacle_kind != 'cannot_score' or live_log.is_accepted
            then live_log.model_version
        end as model_version,
        live_log.reason,
        coalesce(live_log.is_pinned, false) as is_pinned,
        live_log.pinned_version,
        live_log.obstacle_kind,
        live_log.obstacle,
        live_log.serving_version
    from spec
    left join live_log on spec.segmentation = live_log.segmentation
)

select * from live
