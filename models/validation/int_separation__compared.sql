with standardised as (
    select * from {{ ref('seg_standardised') }}
),

scores as (
    select * from {{ ref('seg_scores') }}
),

sampled as (
    select
        standardised.segmentation,
        standardised.model_version,
        standardised.as_of_date,
        standardised.customer_id,
        scores.segment_id,
        standardised.standardised_values as standardised,
        row_number() over (
            partition by standardised.segmentation, standardised.model_version
            order by {{ dbt.hash('standardised.customer_id') }}, standardised.customer_id
        ) as sample_number
    from standardised
    inner join scores
        on
            standardised.segmentation = scores.segmentation
            and standardised.model_version = scores.model_version
            and standardised.as_of_date = scores.as_of_date
            and standardised.customer_id = scores.customer_id
    where standardised.is_current and scores.assignment_method in ('model', 'rule')
),

bounded as (
    select *
    from sampled
    where sample_number <= {{ var('measured_rows') }}
)

select * from bounded
