with segments as (
    select * from {{ ref('seg_segments') }}
),

shares as (
    select * from {{ ref('measure_size') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

counts as (
    select
        segmentation,
        model_version,
        'segment=' || cast(segment_id as {{ dbt.type_string() }}) as slice,
        training_count,
        sum(training_count) over (partition by segmentation, model_version) as total_count
    from segments
    where segment_id > 0
),

floored as (
    select
        shares.segmentation,
        shares.model_version,
        shares.as_of_date,
        greatest(coalesce(shares.value, 0), 0.0001) as share_now,
        greatest(
            coalesce({{ ratio('counts.training_count', 'counts.total_count') }}, 0), 0.0001
        ) as share_then,
        shares.customer_count
    from shares
    inner join as_of_dates on shares.as_of_date = as_of_dates.as_of_date
    inner join counts
        on
            shares.segmentation = counts.segmentation
            and shares.model_version = counts.model_version
            and shares.slice = counts.slice
    where as_of_dates.is_current
),

measured as (
    select
        segmentation,
        model_version,
        as_of_date,
        'segment_share_psi' as check_name,
        {{ double(
            'sum(cast((share_now - share_then) * ln(share_now / share_then) as decimal(38, 12)))'
        ) }} as value,
        max(customer_count) as customer_count
    from floored
    group by segmentation, model_version, as_of_date
)

select * from measured
