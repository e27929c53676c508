{% set vector_features = [] %}
{% for feature in features('customer') if feature.is_allowed %}
{% do vector_features.append('features.' ~ feature.name) %}
{% endfor %}

with ranked as (
    select * from {{ ref('int_reasons__ranked') }}
),

features as (
    select * from {{ ref('customer_features') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

profiles as (
    select * from {{ ref('int_profiles__aggregated') }}
),

vectors as (
    select
        customer_id,
        as_of_date,
        {{ make_vector(vector_features) }} as feature_values
    from features
),

named as (
    select
        ranked.*,
        coalesce(definitions.label, replace(coalesce(ranked.attribute, ranked.feature), '_', ' '))
            as label,
        definitions.unit,
        case
            when ranked.kind = 'number'
                then {{ element('vectors.feature_values', 'ranked.vector_position') }}
        end as value,
        profiles.mean as segment_mean,
        names.segment_name,
        coalesce(seconds.segment_name, 'everyone') as second_segment_name
    from ranked
    left join definitions on ranked.feature = definitions.feature
    inner join vectors
        on
            ranked.customer_id = vectors.customer_id
            and ranked.as_of_date = vectors.as_of_date
    inner join names
        on
            ranked.segmentation = names.segmentation
            and ranked.model_version = names.model_version
            and ranked.segment_id = names.segment_id
    left join names as seconds
        on
            ranked.segmentation = seconds.segmentation
            and ranked.model_version = seconds.model_version
            and ranked.second_segment_id = seconds.segment_id
    left join profiles
        on
            ranked.segmentation = profiles.segmentation
            and ranked.segment_id = profiles.segment_id
            and ranked.feature = profiles.feature
),

reasoned as (
    select
        customer_id,
        segmentation,
        segment_id,
        second_segment_id,
        reason_rank,
        feature,
        label,
        value,
        segment_mean,
        contribution,
        contribution_share,
        {{ reason_text() }} as reason,
        is_borderline,
        model_version,
        as_of_date,
        {{ release_id() }} as release_id
    from named
)

select * from reasoned
