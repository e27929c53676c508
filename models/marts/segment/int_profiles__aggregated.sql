{% set features = features() | selectattr('is_allowed') | list %}

with released_scores as (
    select * from {{ ref('released_scores') }}
),

features as (
    select * from {{ ref('customer_features') }}
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
        {{ exact_mean('features.' ~ feature.name) }} as {{ feature.name }}_mean,
        {{ exact_mean('features.' ~ feature.name ~ ' * features.' ~ feature.name) }}
            as {{ feature.name }}_mean_square,
        median(features.{{ feature.name }}) as {{ feature.name }}_median
        {%- endfor %}
    from doubled
    inner join features
        on
            doubled.customer_id = features.customer_id
            and doubled.as_of_date = features.as_of_date
    group by doubled.segmentation, doubled.segment_id
),

unpivoted as (
    {% for feature in features %}
    select
        segmentation,
        segment_id,
        '{{ feature.name }}' as feature,
        {{ feature.name }}_mean as mean,
        {{ feature.name }}_median as median,
        sqrt(greatest({{ feature.name }}_mean_square - pow({{ feature.name }}_mean, 2), 0)) as sd
    from aggregated
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unpivoted
