with identity_map as {{ inlined() }} (
    select * from {{ ref('identity_map') }}
),

identity_review as (
    select * from {{ ref('identity_review') }}
),

truth as (
    select * from {{ ref('identity_truth') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

labelled as (
    select
        identity_map.customer_id,
        truth.person
    from identity_map
    inner join truth
        on
            identity_map.source = truth.source
            and identity_map.source_customer_id = truth.source_customer_id
),

sized as (
    select
        'right' as kind,
        count(*) as size
    from labelled
    group by customer_id, person
    union all
    select
        'found',
        count(*)
    from labelled
    group by customer_id
    union all
    select
        'true',
        count(*)
    from labelled
    group by person
    union all
    select
        'cluster',
        count(*)
    from identity_map
    group by customer_id
),

summed as (
    select
        sum(case when kind = 'right' then size * (size - 1) / 2 end) as right_pairs,
        sum(case when kind = 'found' then size * (size - 1) / 2 end) as found_pairs,
        sum(case when kind = 'true' then size * (size - 1) / 2 end) as true_pairs,
        sum(case when kind = 'true' then size end) as labelled_count,
        sum(case when kind = 'cluster' then size end) as record_count,
        max(case when kind = 'cluster' then size end) as largest_size
    from sized
),

reviewed as (
    select count(*) as pair_count from identity_review
),

named as (
    select
        'identity_precision' as check_name,
        {{ ratio('coalesce(right_pairs, 0)', 'found_pairs') }} as value,
        coalesce(labelled_count, 0) as customer_count
    from summed
    union all
    select
        'identity_recall',
        {{ ratio('coalesce(right_pairs, 0)', 'true_pairs') }},
        coalesce(labelled_count, 0)
    from summed
    union all
    select 'largest_cluster_size', {{ double('largest_size') }}, record_count from summed
    union all
    select
        'identity_review_share',
        {{ ratio('reviewed.pair_count', 'summed.record_count') }},
        summed.record_count
    from summed
    cross join reviewed
),

measured as (
    select
        versions.segmentation,
        versions.model_version,
        as_of_dates.as_of_date,
        named.check_name,
        '' as slice,
        named.value,
        cast(named.customer_count as bigint) as customer_count
    from versions
    cross join named
    cross join as_of_dates
    where as_of_dates.is_current
)

select * from measured
