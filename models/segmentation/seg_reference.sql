with fits as (
    select * from {{ ref('seg_fits') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

referenced as (
    select
        fits.segmentation,
        fits.model_version,
        fits.feature,
        fits.position,
        fits.value
    from fits
    inner join versions
        on
            fits.segmentation = versions.segmentation
            and fits.model_version = versions.model_version
    where fits.is_chosen and fits.parameter = 'reference_quantile'
)

select * from referenced
