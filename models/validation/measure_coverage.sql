with populations as (
    select * from {{ ref('seg_populations') }}
),

scores as (
    select * from {{ ref('seg_scores') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

filled as (
    select * from {{ ref('int_features__filled') }}
),

eligible as (
    select
        segmentation,
        as_of_date,
        {{ ratio("count(case when status != 'excluded' then 1 end)", 'count(*)') }} as value,
        count(*) as customer_count
    from populations
    where is_current
    group by segmentation, as_of_date
),

scored as (
    select
        segmentation,
        model_version,
        as_of_date,
        {{ ratio(
            "count(case when assignment_method in ('model', 'rule') then 1 end)", 'count(*)'
        ) }}
            as value,
        count(*) as customer_count
    from scores
    where is_current
    group by segmentation, model_version, as_of_date
),

measured as (
    select
        versions.segmentation,
        versions.model_version,
        eligible.as_of_date,
        'eligible_share' as check_name,
        '' as slice,
        eligible.value,
        eligible.customer_count
    from versions
    inner join eligible on versions.segmentation = eligible.segmentation
    union all
    select segmentation, model_version, as_of_date, 'scored_share', '', value, customer_count
    from scored
    union all
    select
        segmentation,
        model_version,
        as_of_date,
        'feature_fill_rate',
        'feature=' || feature,
        value,
        customer_count
    from filled
)

select * from measured
