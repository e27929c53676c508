with populations as (
    select * from {{ ref('seg_populations') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

schemes as (
    select * from {{ ref('seg_schemes') }}
),

judged as (
    select
        populations.segmentation,
        populations.as_of_date,
        populations.spend_cents,
        populations.status != 'excluded' and released_versions.segmentation is not null as is_in,
        case
            when populations.exclusion_reason is not null then populations.exclusion_reason
            when schemes.is_retired then 'the segmentation is retired'
            when released_versions.segmentation is null then 'no version: nothing passed its checks'
            else coalesce(populations.fallback_reason, 'in the model')
        end as reason
    from populations
    left join released_versions
        on populations.segmentation = released_versions.segmentation
    left join schemes on populations.segmentation = schemes.segmentation
),

counted as (
    select
        segmentation,
        as_of_date,
        is_in,
        reason,
        count(*) as customer_count,
        cast(sum(spend_cents) as bigint) as spend_cents,
        {{ release_id() }} as release_id
    from judged
    group by segmentation, as_of_date, is_in, reason
)

select * from counted
