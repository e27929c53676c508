{{ config(pre_hook='{{ remove_stale(this) }}') }}
{% set channels = ['store', 'online', 'call centre'] %}
{% set devices = ['desktop', 'mobile', 'tablet'] %}
{% set attributes = ['main_channel', 'main_device', 'main_department', 'region'] %}

with categories as {{ inlined() }} (
    select * from {{ ref('customer_categories') }}
    where {{ is_stale() }}
),

counted as (
    select
        as_of_date,
        attribute,
        value,
        count(*) as customer_count
    from categories
    group by as_of_date, attribute, value
),

frequencies as (
    select
        *,
        {{ ratio(
            'customer_count', 'sum(customer_count) over (partition by as_of_date, attribute)'
        ) }} as frequency
    from counted
),

shared as (
    select
        categories.*,
        frequencies.frequency
    from categories
    inner join frequencies
        on
            categories.as_of_date = frequencies.as_of_date
            and categories.attribute = frequencies.attribute
            and categories.value = frequencies.value
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
