{% set features = features() | selectattr('is_allowed') | list %}

with released_scores as (
    select * from {{ ref('released_scores') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

current_scores as (
    select segmentation, customer_id, as_of_date, segment_id
    from released_scores
    where is_current
),

doubled as (
    select segmentation, customer_id, as_of_date, segment_id from current_scores
    union all
    select segmentation, customer_id, as_of_date, -1 as segment_id from current_scores
),

aggregated as (
    select
        doubled.segmentation,
        doubled.segment_id,
        count(*) as customer_count
        {%- for feature in features %},
        count(features.{{ feature.name }}) as {{ feature.name }}_count,
        {{ exact_mean('features.' ~ feature.name) }} as {{ feature.name }}_mean,
        {{ exact_mean('features.' ~ feature.name ~ ' * features.' ~ feature.name) }}
            as {{ feature.name }}_mean_square,
        {{ middle('features.' ~ feature.name) }} as {{ feature.name }}_median
        {%- endfor %}
    from doubled
    inner join features
        on
            doubled.customer_id = features.customer_id
            and doubled.as_of_date = features.as_of_date
    group by doubled.segmentation, doubled.segment_id
),

collected as (
    select
        segmentation,
        segment_id,
        {% for statistic in ['count', 'mean', 'mean_square', 'median'] %}
        {% set columns = [] %}
        {% for feature in features %}
        {% do columns.append(feature.name ~ '_' ~ statistic) %}
        {% endfor %}
        {{ make_vector(columns) }} as {{ statistic }}s{{ ',' if not loop.last }}
        {% endfor %}
    from aggregated
),

unpivoted as (
    select
        collected.segmentation,
        collected.segment_id,
        definitions.feature,
        {{ element('collected.counts', 'definitions.vector_position') }} as value_count,
        {{ element('collected.means', 'definitions.vector_position') }} as mean,
        {{ element('collected.mean_squares', 'definitions.vector_position') }} as mean_square,
        {{ element('collected.medians', 'definitions.vector_position') }} as median
    from collected
    inner join spec on collected.segmentation = spec.segmentation
    inner join definitions on spec.entity = definitions.entity
    where definitions.vector_position is not null
),

spread as (
    select
        segmentation,
        segment_id,
        feature,
        value_count,
        mean,
        median,
        sqrt(greatest(coalesce(mean_square - pow(mean, 2), 0), 0)) as sd
    from unpivoted
)

select * from spread
