with released_scores as (
    select * from {{ ref('released_scores') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

populations as (
    select * from {{ ref('seg_populations') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

counted as (
    select
        released_scores.segmentation,
        released_scores.segment_id,
        count(*) as customer_count,
        cast(sum(populations.spend_cents) as bigint) as spend_cents
    from released_scores
    inner join populations
        on
            released_scores.segmentation = populations.segmentation
            and released_scores.as_of_date = populations.as_of_date
            and released_scores.customer_id = populations.customer_id
    where released_scores.is_current
    group by released_scores.segmentation, released_scores.segment_id
),

listed as (
    select
        names.segmentation,
        names.segment_id,
        names.segment_name,
        names.model_version,
        spec.entity,
        coalesce(counted.customer_count, 0) as customer_count,
        coalesce(counted.spend_cents, 0) as spend_cents
    from names
    inner join released_versions
        on
            names.segmentation = released_versions.segmentation
            and names.model_version = released_versions.model_version
    inner join spec on names.segmentation = spec.segmentation
    left join counted
        on
            names.segmentation = counted.segmentation
            and names.segment_id = counted.segment_id
),

shared as (
    select
        *,
        {{ ratio('customer_count', 'sum(customer_count) over (partition by segmentation)') }}
            as customer_share,
        case when segment_id = 0 then 'fallback' else 'live' end as status
    from listed
)

select * from shared
