with live_versions as (
    select * from {{ ref('live_versions') }}
),

released_checks as (
    select * from {{ ref('released_checks') }}
),

judged as (
    select
        segmentation,
        model_version,
        count(case when status = 'fail' then 1 end) as breach_count
    from released_checks
    group by segmentation, model_version
),

released as (
    select
        live_versions.segmentation,
        live_versions.model_version,
        live_versions.reason
    from live_versions
    inner join judged
        on
            live_versions.segmentation = judged.segmentation
            and live_versions.model_version = judged.model_version
    where
        judged.breach_count = 0
        and coalesce(live_versions.obstacle_kind, 'breached') = 'breached'
)

select * from released
