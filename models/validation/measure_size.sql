with scores as {{ inlined() }} (
    select * from {{ ref('seg_scores') }}
),

components as (
    select distinct segmentation, model_version, segment_id
    from {{ ref('seg_components') }}
),

totalled as (
    select
        segmentation,
        model_version,
        as_of_date,
        count(*) as customer_count
    from scores
    where assignment_method in ('model', 'rule')
    group by segmentation, model_version, as_of_date
),

counted as (
    select
        segmentation,
        model_version,
        as_of_date,
        segment_id,
        count(*) as customer_count
    from scores
    where assignment_method in ('model', 'rule')
    group by segmentation, model_version, as_of_date, segment_id
),

measured as (
    select
        totalled.segmentation,
        totalled.model_version,
        totalled.as_of_date,
        'segment_share' as check_name,
        'segment=' || cast(components.segment_id as {{ dbt.type_string() }}) as slice,
        {{ ratio('coalesce(counted.customer_count, 0)', 'totalled.customer_count') }} as value,
        totalled.customer_count
    from totalled
    inner join components
        on
            totalled.segmentation = components.segmentation
            and totalled.model_version = components.model_version
    left join counted
        on
            totalled.segmentation = counted.segmentation
            and totalled.model_version = counted.model_version
            and totalled.as_of_date = counted.as_of_date
            and components.segment_id = counted.segment_id
)

select * from measured
