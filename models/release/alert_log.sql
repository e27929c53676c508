with live_log as (
    select * from {{ ref('live_log') }}
),

raised as (
    select
        measured_release_id,
        segmentation,
        coalesce(model_version, pinned_version) as model_version,
        obstacle_kind as kind,
        obstacle as reason,
        serving_version,
        serving_release_id,
        {{ release_id() }} as release_id
    from live_log
    where not is_accepted and obstacle_kind != 'no_version'
)

select * from raised
