{% set strict = features() | selectattr('missing_policy', 'in', ['exclude', 'flag']) | list %}

with features as (
    select * from {{ ref('subject_features') }}
),

asked as (
    select * from {{ ref('segmentation_features') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

missing as (
    {% for feature in strict %}
    select customer_id, as_of_date, '{{ feature.name }}' as feature
    from features
    where {{ feature.name }} is null
    union all
    {% endfor %}
    select customer_id, as_of_date, '' as feature
    from features
    where 1 = 0
),

found as (
    select
        asked.segmentation,
        missing.as_of_date,
        missing.customer_id,
        min(case when definitions.missing_policy = 'exclude' then missing.feature end)
            as excluded_by,
        min(case when definitions.missing_policy = 'flag' then missing.feature end) as flagged_by
    from missing
    inner join asked on missing.feature = asked.feature
    inner join definitions on missing.feature = definitions.feature
    where definitions.availability = 'available'
    group by asked.segmentation, missing.as_of_date, missing.customer_id
)

select * from found
