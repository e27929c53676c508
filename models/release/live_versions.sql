with schemes as (
    select * from {{ ref('seg_schemes') }}
),

live_log as (
    select * from {{ ref('live_log') }}
    where measured_release_id = {{ release_id() }}
),

live as (
    select
        schemes.segmentation,
        case when live_log.obstacle_kind != 'cannot_score' or live_log.is_accepted
            then live_log.model_version
        end as model_version,
        live_log.reason,
        coalesce(live_log.is_pinned, false) as is_pinned,
        live_log.pinned_version,
        live_log.obstacle_kind,
        live_log.obstacle,
        live_log.serving_version
    from schemes
    left join live_log on schemes.segmentation = live_log.segmentation
    where not schemes.is_retired
)

select * from live
