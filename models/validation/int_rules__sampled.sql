with scores as (
    select * from {{ ref('seg_scores') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

numbered as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        segment_id,
        row_number() over (
            partition by segmentation, model_version
            order by {{ dbt.hash('customer_id') }}, customer_id
        ) as sample_number
    from scores
    where is_current and assignment_method = 'model' and not {{ is_held_out('customer_id') }}
),

sampled as (
    select
        numbered.segmentation,
        numbered.model_version,
        numbered.customer_id,
        numbered.segment_id
        {%- for feature in asked_features() %},
        features.{{ feature.name }}
        {%- endfor %}
    from numbered
    inner join features
        on
            numbered.customer_id = features.customer_id
            and numbered.as_of_date = features.as_of_date
    where numbered.sample_number <= {{ var('measured_rows') }}
)

select * from sampled
