{% set vector_features = [] %}
{% for feature in features() if feature.is_allowed %}
{% do vector_features.append('features.' ~ feature.name) %}
{% endfor %}

with populations as (
    select * from {{ ref('seg_populations') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

vectors as (
    select
        customer_id,
        as_of_date,
        {{ make_vector(vector_features) }} as feature_values
    from features
),

collected as (
    select
        segmentation,
        model_version,
        {% for column in ['center', 'scale', 'weight', 'clip_low', 'clip_high', 'transform'] %}
        {{ collect_vector(column, 'position') }} as {{ column }}s,
        {% endfor %}
        {{ collect_vector('vector_position', 'position') }} as vector_positions
    from scales
    group by segmentation, model_version
),

standardised as (
    select
        populations.segmentation,
        versions.model_version,
        populations.as_of_date,
        populations.is_current,
        populations.customer_id,
        {{ standardised('vectors.feature_values', 'collected') }} as standardised_values
    from populations
    inner join versions on populations.segmentation = versions.segmentation
    inner join collected
        on
            versions.segmentation = collected.segmentation
            and versions.model_version = collected.model_version
    inner join vectors
        on
            populations.customer_id = vectors.customer_id
            and populations.as_of_date = vectors.as_of_date
    where populations.status = 'model'
)

select * from standardised
