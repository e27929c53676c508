with scores as (
    select * from {{ ref('seg_scores') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

labelled as (
    select
        scores.segmentation,
        scores.model_version,
        scores.as_of_date,
        scores.customer_id,
        scores.segment_id,
        versions.is_live,
        as_of_dates.months_before
    from scores
    inner join versions
        on
            scores.segmentation = versions.segmentation
            and scores.model_version = versions.model_version
    inner join as_of_dates on scores.as_of_date = as_of_dates.as_of_date
    where versions.is_live or as_of_dates.is_current
),

paired as (
    select
        earlier.segmentation,
        'behaviour' as comparison,
        earlier.model_version as from_version,
        later.model_version as to_version,
        earlier.as_of_date as from_date,
        later.as_of_date as to_date,
        earlier.segment_id as from_segment_id,
        later.segment_id as to_segment_id
    from labelled as later
    inner join labelled as earlier
        on
            later.segmentation = earlier.segmentation
            and later.model_version = earlier.model_version
            and later.customer_id = earlier.customer_id
            and later.months_before + 1 = earlier.months_before
    where later.is_live
    union all
    select
        live.segmentation,
        'refit' as comparison,
        live.model_version as from_version,
        challenger.model_version as to_version,
        live.as_of_date as from_date,
        challenger.as_of_date as to_date,
        live.segment_id as from_segment_id,
        challenger.segment_id as to_segment_id
    from labelled as live
    inner join labelled as challenger
        on
            live.segmentation = challenger.segmentation
            and live.as_of_date = challenger.as_of_date
            and live.customer_id = challenger.customer_id
    where live.is_live and not challenger.is_live
),

counted as (
    select
        segmentation,
        comparison,
        from_version,
        to_version,
        from_date,
        to_date,
        from_segment_id,
        to_segment_id,
        count(*) as customer_count
    from paired
    group by
        segmentation, comparison, from_version, to_version, from_date, to_date,
        from_segment_id, to_segment_id
)

select * from counted
