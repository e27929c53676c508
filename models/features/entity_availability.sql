{% set entities = input_entities() | reject('in', ['customer_attributes', 'legacy_segments']) %}

with counted as (
    {% for entity in entities %}
    select '{{ entity }}' as entity, count(*) as row_count
    from {{ ref('input_' ~ entity) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
