with check_results as (
    select * from {{ ref('check_results') }}
),

live_versions as (
    select * from {{ ref('live_versions') }}
),

released as (
    select check_results.*
    from check_results
    inner join live_versions
        on
            check_results.segmentation = live_versions.segmentation
            and check_results.model_version = live_versions.model_version
)

select * from released
