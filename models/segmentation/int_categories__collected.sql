{% set columns = [] %}
{% for attribute in categories() %}
{% do columns.append(category_text(attribute.name)) %}
{% endfor %}

with categories as (
    select * from {{ ref('customer_categories') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

used as (
    select distinct attribute as used_attribute
    from scales
    where attribute is not null
),

pivoted as (
    select
        customer_id,
        as_of_date
        {{- category_columns(categories()) }}
    from categories
    inner join used on categories.attribute = used.used_attribute
    group by customer_id, as_of_date
),

collected as (
    select
        customer_id,
        as_of_date,
        {{ make_text_vector(columns) }} as category_values
    from pivoted
)

select * from collected
