{% set z = element('standardised.standardised_values', 'i') %}
{% set center = element('collected.centers', 'i') %}
{% set term = element('collected.loadings', 'i') ~ ' * (' ~ z ~ ' - ' ~ center ~ ')' %}

with standardised as (
    select * from {{ ref('seg_standardised') }}
),

axes as (
    select * from {{ ref('seg_axes') }}
),

released_scores as (
    select * from {{ ref('released_scores') }}
),

collected as (
    select
        segmentation,
        model_version,
        component,
        {{ collect_vector('loading', 'feature_position') }} as loadings,
        {{ collect_vector('center', 'feature_position') }} as centers
    from axes
    where component <= 2
    group by segmentation, model_version, component
),

projected as (
    select
        standardised.segmentation,
        standardised.model_version,
        standardised.as_of_date,
        standardised.customer_id,
        collected.component,
        round({{ sum_vector(map_positions('collected.loadings', term)) }}, 6) as place
    from standardised
    inner join collected
        on
            standardised.segmentation = collected.segmentation
            and standardised.model_version = collected.model_version
    where standardised.is_current and {{ is_complete('standardised.standardised_values') }}
),

placed as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        max(case when component = 1 then place end) as x,
        coalesce(max(case when component = 2 then place end), 0) as y
    from projected
    group by segmentation, model_version, as_of_date, customer_id
),

joined as (
    select
        placed.customer_id,
        placed.segmentation,
        released_scores.segment_id,
        placed.x,
        placed.y,
        placed.model_version,
        placed.as_of_date,
        {{ release_id() }} as release_id
    from placed
    inner join released_scores
        on
            placed.segmentation = released_scores.segmentation
            and placed.model_version = released_scores.model_version
            and placed.as_of_date = released_scores.as_of_date
            and placed.customer_id = released_scores.customer_id
    where released_scores.entity = 'customer'
)

select * from joined
