with decided as (
    select * from {{ ref('int_versions__decided') }}
),

retained as (
    select
        segmentation,
        model_version,
        candidate,
        algorithm,
        segment_count,
        fitted_as_of,
        fit_hash,
        is_live,
        is_replaced,
        live_because
    from decided
    where
        fault is null
        and (is_live or is_replaced or recency_rank <= {{ var('retained_versions') }})
)

select * from retained
