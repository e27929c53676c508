{% set entities = input_entities() %}

with quarantined as (
    {% for entity in entities %}
    select
        source,
        '{{ entity }}' as entity,
        row_key_hash,
        rejection_rule as rule
    from {{ ref('int_' ~ entity ~ '__judged') }}
    where rejection_rule is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        source,
        entity,
        row_key_hash,
        rule,
        count(*) as row_count,
        {{ release_id() }} as release_id
    from quarantined
    group by source, entity, row_key_hash, rule
)

select * from counted
