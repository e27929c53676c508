with spec as (
    select * from {{ ref('segmentation_spec') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

pins as (
    select distinct segmentation from {{ ref('release_pins') }}
),

live as (
    select
        spec.segmentation,
        versions.model_version,
        versions.live_because as reason,
        pins.segmentation is not null as is_pinned
    from spec
    left join pins on spec.segmentation = pins.segmentation
    left join versions on spec.segmentation = versions.segmentation and versions.is_live
)

select * from live
