with populations as (
    select * from {{ ref('seg_populations') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

training_dates as (
    select * from {{ ref('seg_training_dates') }}
),

outcomes as (
    select * from {{ ref('subject_outcomes') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

known as (
    select * from {{ ref('customer_categories') }}
),

categories as (
    select
        customer_id,
        as_of_date
        {%- for attribute in ['region', 'main_department', 'main_channel'] %},
        max(case when attribute = '{{ attribute }}' then value end) as slice_{{ attribute }}
        {%- endfor %}
        {{- category_columns(asked_categories()) }}
    from known
    group by customer_id, as_of_date
),

numbered as (
    select
        populations.segmentation,
        training_dates.role,
        populations.as_of_date,
        populations.customer_id,
        spec.outcome_metric,
        case
            when training_dates.role != 'fit' then spec.outcome_window_days
        end as outcome_window_days,
        spec.training_rows,
        row_number() over (
            partition by populations.segmentation, training_dates.role
            order by {{ dbt.hash('populations.customer_id') }}, populations.customer_id
        ) as sample_number
    from populations
    inner join training_dates
        on
            populations.segmentation = training_dates.segmentation
            and populations.as_of_date = training_dates.as_of_date
    inner join spec on populations.segmentation = spec.segmentation
    where populations.status = 'model'
),

sampled as (
    select
        numbered.segmentation,
        numbered.role,
        numbered.as_of_date,
        numbered.customer_id,
        case numbered.outcome_metric
            when 'spend_cents' then {{ double('outcomes.spend_cents') }}
            when 'order_count' then {{ double('outcomes.order_count') }}
            when 'department_count' then {{ double('outcomes.department_count') }}
            when 'revenue_cents' then {{ double('outcomes.revenue_cents') }}
            when 'unit_count' then {{ double('outcomes.unit_count') }}
            when 'is_active' then {{ double('outcomes.is_active') }}
        end as outcome
        {%- for feature in asked_features() %},
        {{ of_subject('features', feature.name) }} as {{ feature.name }}
        {%- endfor %}
        {%- for attribute in asked_categories() %},
        categories.{{ attribute.name }}
        {%- endfor %},
        categories.slice_region,
        categories.slice_main_department,
        categories.slice_main_channel
    from numbered
    inner join features
        on
            numbered.customer_id = features.customer_id
            and numbered.as_of_date = features.as_of_date
    left join categories
        on
            numbered.customer_id = categories.customer_id
            and numbered.as_of_date = categories.as_of_date
    left join outcomes
        on
            numbered.customer_id = outcomes.customer_id
            and numbered.as_of_date = outcomes.as_of_date
            and numbered.outcome_window_days = outcomes.window_days
    where numbered.sample_number <= numbered.training_rows
)

select * from sampled
