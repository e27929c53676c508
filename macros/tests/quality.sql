{#- No rule whose breach stops the build is broken; it names them, with what was measured. -#}
{% test data_keeps_its_rules(model) %}
select source, entity, attribute, rule, value, minimum, maximum, breach_count, message, owner
from {{ model }}
where status = 'fail'
{% endtest %}

{#- Every objective that was agreed and can be measured is met. -#}
{% test suppliers_keep_their_word(model) %}
select source, entity, objective, attribute, measured, minimum, maximum, owner
from {{ model }}
where status = 'missed' and measured_release_id = release_id
{% endtest %}

{#- Somebody answers for every source, and says by what right it is used. -#}
{% test every_source_has_an_owner_and_a_legal_basis(model) %}
select source
from {{ model }}
where owner is null or legal_basis is null
{% endtest %}

{#- What the input tables mark as filled by a policy is what is reported, and the other way round. -#}
{% test imputed_values_are_counted(model) %}
{%- set parts = [] -%}
{%- for entity in ['customers', 'orders', 'order_lines', 'products'] -%}
    {%- set relation = ref('input_' ~ entity) -%}
    {%- for attribute, column in places_of([entity]).get(entity, {}).items() if column.is_fillable -%}
        {%- do parts.append(
            "select source, '" ~ entity ~ "' as entity, '" ~ attribute ~ "' as attribute, count(*) as imputed_count from "
            ~ relation ~ ' where ' ~ attribute ~ '_was_imputed group by source'
        ) -%}
    {%- endfor -%}
{%- endfor %}
with marked as (
    {{ parts | join('\n    union all\n    ') or "select '' as source, '' as entity, '' as attribute, 0 as imputed_count where 1 = 0" }}
),

reported as (
    select source, entity, rule, rows_flagged
    from {{ model }}
    where rule like '% is missing: filled by %'
)

select marked.*, reported.*
from marked
full outer join reported
    on
        marked.source = reported.source
        and marked.entity = reported.entity
        and reported.rule like marked.attribute || ' is missing: filled by %'
where
    marked.imputed_count is null
    or reported.rows_flagged is null
    or marked.imputed_count != reported.rows_flagged
{% endtest %}
