{{ config(enabled='harbour_crm' in var('sources')) }}

{% set attributes = ['gender', 'age_band', 'income_band', 'marital_status'] %}

with demographics as (
    select * from {{ source('harbour_crm', 'demographics') }}
),

unpivoted as (
    {% for attribute in attributes %}
    select
        contact_id as source_customer_id,
        '{{ attribute }}' as attribute,
        {{ attribute }} as value,
        true as is_protected
    from demographics
    where {{ attribute }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unpivoted
