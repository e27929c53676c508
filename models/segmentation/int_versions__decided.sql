with versions as (
    select * from {{ ref('seg_versions') }}
),

schemes as (
    select * from {{ ref('seg_schemes') }}
),

pins as (
    select * from {{ ref('int_pins__numbered') }}
),

examined as (
    select * from {{ ref('int_versions__examined') }}
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

chosen as (
    select
        ranked.*,
        newest.segmentation is not null as is_pinned,
        coalesce(newest.model_version = ranked.model_version, ranked.age_rank = 1) as is_live,
        case
            when newest.segmentation is null then 'the first version'
            else 'pinned by ' || newest.pinned_by || ': ' || newest.reason
        end as live_because
    from ranked
    left join pins as newest
        on ranked.segmentation = newest.segmentation and newest.pin_number = 1
),

earlier as (
    select
        chosen.segmentation,
        chosen.model_version,
        row_number() over (
            partition by chosen.segmentation
            order by coalesce(pins.pin_number, 1000000), chosen.age_rank
        ) as replaced_rank
    from chosen
    left join pins
        on
            chosen.segmentation = pins.segmentation
            and chosen.model_version = pins.model_version
    where chosen.is_pinned and not chosen.is_live and (pins.pin_number > 1 or chosen.age_rank = 1)
),

decided as (
    select
        chosen.segmentation,
        chosen.model_version,
        chosen.candidate,
        chosen.algorithm,
        chosen.segment_count,
        chosen.fitted_as_of,
        chosen.fit_hash,
        chosen.is_live,
        earlier.model_version is not null as is_replaced,
        case when chosen.is_live then chosen.live_because end as live_because,
        chosen.recency_rank,
        examined.fault
    from chosen
    left join earlier
        on
            chosen.segmentation = earlier.segmentation
            and chosen.model_version = earlier.model_version
            and earlier.replaced_rank = 1
    left join examined
        on
            chosen.segmentation = examined.segmentation
            and chosen.model_version = examined.model_version
)

select * from decided
