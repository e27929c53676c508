with observed as (
    select * from {{ ref('int_outcomes__observed') }}
),

versions as (
    select * from {{ ref('released_versions') }}
),

training_dates as (
    select * from {{ ref('seg_training_dates') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

numbered as (
    select
        observed.*,
        training_dates.as_of_date,
        row_number() over (
            partition by observed.segmentation, observed.role
            order by {{ dbt.hash('observed.customer_id') }}, observed.customer_id
        ) as sample_number
    from observed
    inner join versions
        on
            observed.segmentation = versions.segmentation
            and observed.model_version = versions.model_version
    inner join training_dates
        on
            observed.segmentation = training_dates.segmentation
            and observed.role = training_dates.role
),

sampled as (
    select
        numbered.segmentation,
        numbered.model_version,
        numbered.role,
        numbered.customer_id,
        numbered.segment_id,
        numbered.outcome
        {%- for feature in features() if feature.is_allowed %},
        features.{{ feature.name }}
        {%- endfor %}
    from numbered
    inner join features
        on
            numbered.customer_id = features.customer_id
            and numbered.as_of_date = features.as_of_date
    where
        numbered.sample_number <= case numbered.role
            when 'learn' then {{ var('driver_rows') }}
            else {{ (var('driver_rows') / 2) | int }}
        end
)

select * from sampled
