with lessons as (
    select * from {{ ref('lessons') }}
),

schemes as (
    select * from {{ ref('seg_schemes') }}
),

versions as (
    select * from {{ ref('seg_versions') }}
),

retained as (
    select * from {{ ref('seg_retained_versions') }}
),

known as (
    select lessons.*
    from lessons
    left join schemes on lessons.segmentation = schemes.segmentation
    where lessons.segmentation = '*' or schemes.segmentation is not null
),

linked as (
    select
        known.segmentation,
        known.model_version,
        known.learned_on,
        known.what_failed,
        known.what_we_do_now,
        known.recorded_by,
        versions.candidate,
        case
            when known.model_version is null then 'no single version'
            when versions.model_version is null then 'unknown version'
            when versions.candidate is null then 'no_stable_structure'
            when retained.is_live then 'live'
            when retained.model_version is not null then 'challenger'
            else 'retired'
        end as version_status,
        {{ release_id() }} as release_id
    from known
    left join versions
        on
            known.segmentation = versions.segmentation
            and known.model_version = versions.model_version
    left join retained
        on
            known.segmentation = retained.segmentation
            and known.model_version = retained.model_version
)

select * from linked
