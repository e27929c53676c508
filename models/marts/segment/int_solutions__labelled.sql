{#- One date and the same people for all, or a comparison says who was in it, not what it knows. -#}
with scores as (
    select * from {{ ref('seg_scores') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

outcomes as (
    select * from {{ ref('customer_outcomes') }}
),

features as (
    select * from {{ ref('customer_features') }}
),

newest as (
    select window_days, max(as_of_date) as as_of_date
    from outcomes
    group by window_days
),

labelled as (
    select
        newest.window_days,
        newest.as_of_date,
        scores.customer_id,
        scores.segmentation,
        scores.model_version,
        'segment ' || cast(scores.segment_id as {{ dbt.type_string() }}) as label,
        count(*) over (partition by newest.window_days, scores.customer_id) as label_count
    from scores
    inner join spec on scores.segmentation = spec.segmentation
    inner join newest on scores.as_of_date = newest.as_of_date
    where spec.entity = 'customer' and scores.assignment_method in ('model', 'rule')
),

versions as (
    select distinct window_days, segmentation, model_version
    from labelled
),

counted as (
    select window_days, count(*) as version_count
    from versions
    group by window_days
),

shared as (
    select labelled.*
    from labelled
    inner join counted
        on
            labelled.window_days = counted.window_days
            and labelled.label_count = counted.version_count
),

people as (
    select distinct window_days, as_of_date, customer_id
    from shared
),

ranked as (
    select
        people.*,
        {{ tie_safe_score('features.spend_cents', 'people.window_days') }} as spend_quintile
    from people
    inner join features
        on
            people.customer_id = features.customer_id
            and people.as_of_date = features.as_of_date
),

combined as (
    select
        window_days, as_of_date, customer_id, 'segmentation' as kind, segmentation as solution,
        model_version, label
    from shared
    union all
    select
        window_days, as_of_date, customer_id, 'baseline', 'spend quintiles',
        cast(null as bigint),
        'quintile ' || cast(spend_quintile as {{ dbt.type_string() }})
    from ranked
)

select * from combined
