with segments as (
    select * from {{ ref('seg_segments') }}
),

fits as (
    select * from {{ ref('seg_versions') }}
),

retained as (
    select * from {{ ref('seg_retained_versions') }}
),

numbered as (
    select
        segments.segmentation,
        segments.segment_id,
        segments.segment_name,
        segments.model_version,
        fits.fitted_as_of,
        case
            when retained.is_live then 'live'
            when retained.model_version is not null then 'challenger'
            else 'retired'
        end as status,
        row_number() over (
            partition by segments.segmentation, segments.segment_id
            order by coalesce(retained.is_live, false) desc, segments.model_version desc
        ) as place
    from segments
    inner join fits
        on
            segments.segmentation = fits.segmentation
            and segments.model_version = fits.model_version
    left join retained
        on
            segments.segmentation = retained.segmentation
            and segments.model_version = retained.model_version
    where segments.segment_id > 0
),

registered as (
    select
        segmentation,
        segment_id,
        max(case when place = 1 then segment_name end) as segment_name,
        case min(case status when 'live' then 1 when 'challenger' then 2 else 3 end)
            when 1 then 'live'
            when 2 then 'challenger'
            else 'retired'
        end as status,
        min(model_version) as first_version,
        max(model_version) as last_version,
        min(fitted_as_of) as first_fitted_as_of,
        max(fitted_as_of) as last_fitted_as_of,
        {{ release_id() }} as release_id
    from numbered
    group by segmentation, segment_id
)

select * from registered
