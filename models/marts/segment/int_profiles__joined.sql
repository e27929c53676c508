with released_scores as (
    select * from {{ ref('released_scores') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

joined as (
    select
        released_scores.segmentation,
        released_scores.segment_id
        {%- for feature in features() | selectattr('is_allowed') %},
        features.{{ feature.name }}
        {%- endfor %}
    from released_scores
    inner join features
        on
            released_scores.customer_id = features.customer_id
            and released_scores.as_of_date = features.as_of_date
    where released_scores.is_current
)

select * from joined
