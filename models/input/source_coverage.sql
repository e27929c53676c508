{% set entities = input_entities() %}

with
    {% for entity in entities %}
    {{ entity }} as (
        select
            source,
            count(*) as row_count,
            count(case when copy_number > 1 then 1 end) as duplicate_count
            {%- for column in contract_columns(entity) %},
            count({{ given_value(entity, column) }}) as {{ column }}_count
            {%- endfor %}
        from {{ ref('int_' ~ entity ~ '__judged') }}
        group by source
    ),

    {% endfor %}
attributes as (
    {% for entity in entities %}
    {% set last = loop.last %}
    {% for column in contract_columns(entity) %}
    select '{{ entity }}' as entity, '{{ column }}' as attribute
    {{ 'union all' if not (last and loop.last) }}
    {% endfor %}
    {% endfor %}
),

measured as (
    {% for entity in entities %}
    select
        {{ entity }}.source,
        attributes.entity,
        attributes.attribute,
        {{ entity }}.row_count,
        {{ entity }}.duplicate_count,
        case attributes.attribute
            {%- for column in contract_columns(entity) %}
            when '{{ column }}' then {{ entity }}.{{ column }}_count
            {%- endfor %}
        end as filled_count
    from {{ entity }}
    inner join attributes on attributes.entity = '{{ entity }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

named as (
    {% for source in var('sources') %}
    select '{{ source }}' as source
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

listed as (
    {% for source in var('sources') %}
    {% set last = loop.last %}
    {% for entity in entities_of(source) %}
    select '{{ source }}' as source, '{{ entity }}' as entity
    {{ 'union all' if not (last and loop.last) }}
    {% endfor %}
    {% endfor %}
),

rated as (
    select
        named.source,
        attributes.entity,
        attributes.attribute,
        case
            when listed.entity is null then 'not_available'
            when measured.row_count is null then 'empty'
            else 'available'
        end as status,
        coalesce(measured.row_count, 0) as row_count,
        coalesce(measured.duplicate_count, 0) as duplicate_count,
        coalesce(measured.filled_count, 0) as filled_count,
        {{ ratio('measured.filled_count', 'measured.row_count') }} as fill_rate,
        {{ release_id() }} as release_id
    from named
    cross join attributes
    left join listed
        on named.source = listed.source and attributes.entity = listed.entity
    left join measured
        on
            named.source = measured.source
            and attributes.entity = measured.entity
            and attributes.attribute = measured.attribute
)

select * from rated
