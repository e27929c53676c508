with training_set as (
    select * from {{ ref('seg_training_set') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

learned as (
    select
        training_set.segmentation,
        spec.entity,
        spec.outcome_metric,
        training_set.customer_id,
        training_set.as_of_date,
        training_set.outcome
        {%- for feature in features() if feature.is_allowed %},
        features.{{ feature.name }}
        {%- endfor %}
    from training_set
    inner join spec on training_set.segmentation = spec.segmentation
    inner join features
        on
            training_set.customer_id = features.customer_id
            and training_set.as_of_date = features.as_of_date
    where training_set.role = 'learn'
)

select * from learned
