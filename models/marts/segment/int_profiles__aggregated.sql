{#- A median keeps all its values in memory, whatever the limit: a few features at a time. -#}
{% set features = features() | selectattr('is_allowed') | list %}
{% set parts = features | batch(3) | list %}
{% set ways = {'segment_id': 'segmentation, segment_id', '-1': 'segmentation'} %}

with joined as {{ inlined() }} (
    select * from {{ ref('int_profiles__joined') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

summed as (
    select
        segmentation,
        segment_id
        {%- for feature in features %},
        count({{ feature.name }}) as {{ feature.name }}_count,
        sum(cast({{ feature.name }} as decimal(38, 9))) as {{ feature.name }}_sum,
        sum(cast(pow({{ feature.name }}, 2) as decimal(38, 9))) as {{ feature.name }}_squares
        {%- endfor %}
    from joined
    group by segmentation, segment_id
),

aggregated as (
    {% for segment, keys in ways.items() %}
    select
        segmentation,
        {{ segment }} as segment_id
        {%- for feature in features %}{% set count = 'sum(' ~ feature.name ~ '_count)' %},
        {{ count }} as {{ feature.name }}_count,
        {{ ratio('sum(' ~ feature.name ~ '_sum)', count) }} as {{ feature.name }}_mean,
        {{ ratio('sum(' ~ feature.name ~ '_squares)', count) }} as {{ feature.name }}_mean_square
        {%- endfor %}
    from summed
    group by {{ keys }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{% for part in parts %}
medians_{{ loop.index }} as (
    {% for segment, keys in ways.items() %}
    select
        segmentation,
        {{ segment }} as segment_id
        {%- for feature in part %},
        {{ middle(feature.name) }} as {{ feature.name }}_median
        {%- endfor %}
    from joined
    group by {{ keys }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),
{% endfor %}

collected as (
    select
        aggregated.segmentation,
        aggregated.segment_id,
        {% for statistic in ['count', 'mean', 'mean_square', 'median'] %}
        {% set columns = [] %}
        {% for feature in features %}
        {% do columns.append(feature.name ~ '_' ~ statistic) %}
        {% endfor %}
        {{ make_vector(columns) }} as {{ statistic }}s{{ ',' if not loop.last }}
        {% endfor %}
    from aggregated
    {% for part in parts %}
    inner join medians_{{ loop.index }}
        on
            aggregated.segmentation = medians_{{ loop.index }}.segmentation
            and aggregated.segment_id = medians_{{ loop.index }}.segment_id
    {% endfor %}
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
