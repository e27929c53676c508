with spec as (
    select * from {{ ref('segmentation_spec') }}
),

schemes as (
    select * from {{ ref('seg_schemes') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

judged as (
    select
        spec.segmentation,
        spec.use_case,
        spec.purpose,
        spec.objective,
        spec.owner,
        {{ literal(var('privacy_contact')) }} as privacy_contact,
        spec.stage,
        spec.entity,
        spec.scope,
        spec.horizon,
        spec.level,
        released_versions.model_version,
        versions.fitted_as_of,
        spec.refresh,
        schemes.as_of_date,
        spec.review_by,
        schemes.days_to_review,
        spec.deprecated_on,
        spec.replaced_by,
        case
            when schemes.is_retired then 'retired'
            when released_versions.model_version is null then 'without a version'
            when spec.deprecated_on is not null or spec.stage = 'deprecated'
                then 'in use, to be retired'
            when spec.stage = 'trial' then 'on trial'
            else 'in production'
        end as status,
        case
            when schemes.is_retired then 'not needed'
            when schemes.days_to_review < 0 then 'overdue'
            when schemes.days_to_review <= 30 then 'due'
            else 'planned'
        end as review_status,
        {{ release_id() }} as release_id
    from spec
    inner join schemes on spec.segmentation = schemes.segmentation
    left join released_versions on spec.segmentation = released_versions.segmentation
    left join versions
        on
            released_versions.segmentation = versions.segmentation
            and released_versions.model_version = versions.model_version
)

select * from judged
