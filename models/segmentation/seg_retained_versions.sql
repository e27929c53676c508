with versions as (
    select * from {{ ref('seg_versions') }}
),

schemes as (
    select * from {{ ref('seg_schemes') }}
),

pins as (
    select * from {{ ref('release_pins') }}
),

numbered_pins as (
    select
        *,
        row_number() over (
            partition by segmentation
            order by pinned_on desc, model_version desc
        ) as pin_number
    from pins
),

ranked as (
    select
        versions.*,
        row_number() over (
            partition by versions.segmentation
            order by versions.model_version
        ) as age_rank,
        row_number() over (
            partition by versions.segmentation
            order by versions.model_version desc
        ) as recency_rank
    from versions
    inner join schemes on versions.segmentation = schemes.segmentation
    where versions.candidate is not null and not schemes.is_retired
),

decided as (
    select
        ranked.*,
        case
            when numbered_pins.segmentation is null then ranked.age_rank = 1
            else ranked.model_version = numbered_pins.model_version
        end as is_live,
        case
            when numbered_pins.segmentation is null then 'the first version'
            else 'pinned by ' || numbered_pins.pinned_by || ': ' || numbered_pins.reason
        end as live_because
    from ranked
    left join numbered_pins
        on ranked.segmentation = numbered_pins.segmentation and numbered_pins.pin_number = 1
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
        case when is_live then live_because end as live_because
    from decided
    where is_live or recency_rank <= {{ var('retained_versions') }}
)

select * from retained
