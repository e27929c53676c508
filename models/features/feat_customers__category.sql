{% set channels = ['store', 'online', 'call centre'] %}
{% set devices = ['desktop', 'mobile', 'tablet'] %}
{% set attributes = ['main_channel', 'main_device', 'main_department', 'region'] %}

with categories as (
    select * from {{ ref('customer_categories') }}
),

shared as (
    select
        *,
        {{ ratio(
            'count(*) over (partition by as_of_date, attribute, value)',
            'count(*) over (partition by as_of_date, attribute)'
        ) }} as frequency
    from categories
),

pivoted as (
    select
        customer_id,
        as_of_date
        {%- for attribute in attributes %},
        max(case when attribute = '{{ attribute }}' then value end) as {{ attribute }},
        max(case when attribute = '{{ attribute }}' then frequency end) as {{ attribute }}_frequency
        {%- endfor %}
    from shared
    group by customer_id, as_of_date
),

encoded as (
    select
        customer_id,
        as_of_date,
        {% for attribute, values in [['main_channel', channels], ['main_device', devices]] %}
        {% for value in values %}
        case when {{ attribute }} is not null
            then case when {{ attribute }} = '{{ value }}' then 1 else 0 end
        end as is_{{ attribute }}_{{ value | replace(' ', '_') }},
        {% endfor %}
        {% endfor %}
        {% for attribute in attributes %}
        {{ attribute }}_frequency{{ ',' if not loop.last }}
        {% endfor %}
    from pivoted
)

select * from encoded
