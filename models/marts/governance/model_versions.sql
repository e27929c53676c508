with versions as (
    select * from {{ ref('seg_versions') }}
),

retained as (
    select * from {{ ref('seg_retained_versions') }}
),

judged as (
    select
        versions.*,
        case
            when versions.candidate is null then 'no_stable_structure'
            when retained.is_live then 'live'
            when retained.model_version is not null then 'challenger'
            else 'retired'
        end as status,
        retained.live_because,
        {{ release_id() }} as release_id
    from versions
    left join retained
        on
            versions.segmentation = retained.segmentation
            and versions.model_version = retained.model_version
)

select * from judged
