{% set features = features() | selectattr('is_allowed') | list %}

with populations as (
    select * from {{ ref('seg_populations') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

known as (
    select
        populations.segmentation,
        populations.as_of_date,
        count(*) as customer_count
        {%- for feature in features %},
        {% if is_flagged(feature) -%}
        count(case when not features.{{ feature.name }}_was_imputed then 1 end)
        {%- else -%}
        count(features.{{ feature.name }})
        {%- endif %} as {{ feature.name }}
        {%- endfor %}
    from populations
    inner join features
        on
            populations.customer_id = features.customer_id
            and populations.as_of_date = features.as_of_date
    where populations.is_current and populations.status = 'model'
    group by populations.segmentation, populations.as_of_date
),

collected as (
    {% set columns = [] %}
    {% for feature in features %}{% do columns.append(feature.name) %}{% endfor %}
    select
        segmentation,
        as_of_date,
        customer_count,
        {{ make_vector(columns) }} as known_counts
    from known
),

filled as (
    select
        collected.segmentation,
        collected.as_of_date,
        scales.model_version,
        scales.feature,
        {{ ratio(
            element('collected.known_counts', 'scales.vector_position'), 'collected.customer_count'
        ) }} as value,
        collected.customer_count
    from collected
    inner join scales on collected.segmentation = scales.segmentation
    where scales.kind = 'number'
)

select * from filled
