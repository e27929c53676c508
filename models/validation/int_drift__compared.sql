with populations as (
    select * from {{ ref('seg_populations') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

known_categories as (
    select * from {{ ref('customer_categories') }}
),

categories as (
    select
        customer_id,
        as_of_date
        {{- category_columns(categories()) }}
    from known_categories
    group by customer_id, as_of_date
),

numbered as (
    select
        segmentation,
        as_of_date,
        customer_id,
        row_number() over (
            partition by segmentation
            order by {{ dbt.hash('customer_id') }}, customer_id
        ) as sample_number
    from populations
    where is_current and status = 'model'
),

sampled as (
    select
        numbered.segmentation,
        numbered.as_of_date,
        numbered.customer_id
        {%- for feature in features() if feature.is_allowed %},
        features.{{ feature.name }}
        {%- endfor %}
        {%- for attribute in categories() if attribute.is_allowed %},
        categories.{{ attribute.name }}
        {%- endfor %}
    from numbered
    inner join features
        on
            numbered.customer_id = features.customer_id
            and numbered.as_of_date = features.as_of_date
    left join categories
        on
            numbered.customer_id = categories.customer_id
            and numbered.as_of_date = categories.as_of_date
    where numbered.sample_number <= {{ var('measured_rows') }}
)

select * from sampled
