with spec as (
    select * from {{ ref('segmentation_spec') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

live as (
    select
        spec.segmentation,
        versions.model_version,
        versions.live_because as reason
    from spec
    left join versions on spec.segmentation = versions.segmentation and versions.is_live
)

select * from live
