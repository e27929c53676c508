{{ config(enabled=has_entity('complete_journey', 'customer_attributes')) }}

{% set attributes = [
    'age', 'income', 'home_ownership', 'marital_status',
    'household_size', 'household_comp', 'kids_count',
] %}

with demographics as (
    select * from {{ source('complete_journey', 'demographics') }}
),

unpivoted as (
    {% for attribute in attributes %}
    select
        cast(household_id as {{ dbt.type_string() }}) as source_customer_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as value,
        true as is_protected
    from demographics
    where {{ attribute }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unpivoted
