{{ config(
    pre_hook='{{ remove_stale_scores(this, ref("seg_retained_versions")) }}',
    post_hook='{{ remaining_passes(this, customer_passes(3, ref("int_customers__as_of"))) }}'
) }}
{{ config(**layout('customer_id', 'as_of_date')) }}

{% set vector_features = [] %}
{% for feature in features() if feature.is_allowed %}
{% do vector_features.append('features.' ~ feature.name) %}{% endfor %}

with populations as (
    select * from {{ ref('seg_populations') }}
    where {{ in_pass('customer_id', 3, ref('int_customers__as_of')) }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

features as (
    select * from {{ ref('subject_features') }}
    where {{ in_pass('customer_id', 3, ref('int_customers__as_of')) }}
),

categories as (
    select * from {{ ref('int_categories__collected') }}
),

vectors as (
    select
        features.customer_id,
        features.as_of_date,
        {{ make_vector(vector_features) }} as feature_values,
        categories.category_values
    from features
    left join categories
        on
            features.customer_id = categories.customer_id
            and features.as_of_date = categories.as_of_date
),

collected as (
    select
        segmentation,
        model_version,
        {% for column in ['center', 'scale', 'weight', 'clip_low', 'clip_high', 'coefficient'] %}
        {{ collect_vector(column, 'position') }} as {{ column }}s,
        {% endfor %}
        {% for column in ['transform', 'level'] %}
        {{ collect_text_vector(column, 'position') }} as {{ column }}s,
        {% endfor %}
        {{ collect_vector('vector_position', 'position') }} as vector_positions
    from scales
    where kind != 'score'
    group by segmentation, model_version
),

scores as (
    select segmentation, model_version, coefficient as intercept
    from scales
    where kind = 'score'
),

standardised as (
    select
        populations.segmentation,
        versions.model_version,
        populations.as_of_date,
        populations.is_current,
        populations.customer_id,
        scores.intercept,
        collected.coefficients,
        {{ standardised('vectors.feature_values', 'vectors.category_values', 'collected') }}
            as standardised_values
    from populations
    inner join versions on populations.segmentation = versions.segmentation
    inner join collected
        on
            versions.segmentation = collected.segmentation
            and versions.model_version = collected.model_version
    left join scores
        on
            versions.segmentation = scores.segmentation
            and versions.model_version = scores.model_version
    inner join vectors
        on
            populations.customer_id = vectors.customer_id
            and populations.as_of_date = vectors.as_of_date
    where
        populations.status = 'model'
        and {{ is_unscored('populations.as_of_date', 'versions') }}
),

completed as (
    select
        segmentation,
        model_version,
        as_of_date,
        is_current,
        customer_id,
        case
            when intercept is null then standardised_values
            else {{ with_score('standardised_values', 'coefficients', 'intercept') }}
        end as standardised_values
    from standardised
)

select * from completed
