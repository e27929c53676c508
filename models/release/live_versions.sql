with schemes as (
    select * from {{ ref('seg_schemes') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

pins as (
    select distinct segmentation from {{ ref('release_pins') }}
),

live as (
    select
        schemes.segmentation,
        versions.model_version,
        versions.live_because as reason,
        pins.segmentation is not null as is_pinned
    from schemes
    left join pins on schemes.segmentation = pins.segmentation
    left join versions on schemes.segmentation = versions.segmentation and versions.is_live
    where not schemes.is_retired
)

select * from live
