{% set entities = input_entities() %}

with
    {% for entity in entities %}
    {{ entity }} as (
        select
            source,
            count(*) as row_count,
            count(*) filter (where copy_number > 1) as duplicate_count
            {%- for column in contract_columns(entity) %},
            count({{ column }}) as {{ column }}_count
            {%- endfor %}
        from {{ ref('int_' ~ entity ~ '__judged') }}
        group by source
    ),

    {% endfor %}
unpivoted as (
    {% for entity in entities %}
    {% set last = loop.last %}
    {% for column in contract_columns(entity) %}
    select
        source,
        '{{ entity }}' as entity,
        '{{ column }}' as attribute,
        row_count,
        duplicate_count,
        {{ column }}_count as filled_count
    from {{ entity }}
    {{ 'union all' if not (last and loop.last) }}
    {% endfor %}
    {% endfor %}
),

rated as (
    select
        *,
        {{ ratio('filled_count', 'row_count') }} as fill_rate,
        {{ release_id() }} as release_id
    from unpivoted
)

select * from rated
