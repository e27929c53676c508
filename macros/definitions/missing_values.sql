{#-
  The policies of seed missing_values for an entity, checked: each names an attribute of the contract, a
  policy that it knows, and, where that fills, an attribute with <attribute>_was_imputed in the contract.
  The parameter is the value of a default, the group of a median or mode, the order of a forward_fill,
  the other column of a regression. None while dbt parses, and where nothing is built yet.
-#}
{%- macro missing_policies(entity) -%}
    {%- set rows = seed_rows('missing_values', ref('missing_values')) -%}
    {%- set places = places_of(['customers', 'orders', 'order_lines', 'products']) -%}
    {%- set found = [] -%}
    {%- set faults = [] -%}
    {%- for row in rows -%}
        {%- set place = places.get(row.entity, {}) -%}
        {%- set fills = row.policy in ['default', 'median', 'mode', 'forward_fill', 'regression'] -%}
        {%- set fault = none -%}
        {%- if row.entity not in places -%}
            {%- set fault = 'entity is unknown; allowed are ' ~ places | join(', ') -%}
        {%- elif row.attribute not in place -%}
            {%- set fault = 'attribute is unknown; allowed are ' ~ place | join(', ') -%}
        {%- elif not fills and row.policy not in ['exclude', 'flag'] -%}
            {%- set fault = "policy '" ~ row.policy ~ "' is unknown; allowed are default, median, mode, "
                ~ 'forward_fill, regression, exclude, flag' -%}
        {%- elif fills and not place[row.attribute].is_fillable -%}
            {%- set fault = "policy '" ~ row.policy ~ "' may not fill it: input_" ~ row.entity ~ ' has no column '
                ~ row.attribute ~ '_was_imputed; use exclude or flag, or add the column' -%}
        {%- elif row.policy in ['default', 'forward_fill', 'regression'] and not row.parameter -%}
            {%- set fault = "policy '" ~ row.policy ~ "' needs a parameter: the value, the order or the other column" -%}
        {%- elif fills and row.policy != 'default' and row.parameter and row.parameter not in place -%}
            {%- set fault = "parameter '" ~ row.parameter ~ "' is no attribute; allowed are " ~ place | join(', ') -%}
        {%- elif row.policy in ['median', 'regression'] and kind_of_type(place[row.attribute].data_type) != 'number' -%}
            {%- set fault = "policy '" ~ row.policy ~ "' is for numbers, and it is " ~ place[row.attribute].data_type -%}
        {%- endif -%}
        {%- if fault -%}{% do faults.append(row.entity ~ '.' ~ row.attribute ~ ': ' ~ fault) %}{% endif -%}
        {%- if row.entity == entity and not fault -%}
            {%- do found.append({
                'attribute': row.attribute, 'policy': row.policy, 'parameter': row.parameter,
                'fills': fills, 'type': place[row.attribute].data_type,
                'text_order': row.parameter in place and place[row.parameter].data_type == 'string',
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if faults -%}
        {{ exceptions.raise_compiler_error('seeds/missing_values.csv cannot be followed:\n  ' ~ faults | join('\n  ')) }}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}

{#- The arguments of imputed() for one policy; text is put in order by its length first: 9 before 10. -#}
{%- macro imputed_by(policy, macro_to_call) -%}
    {%- set by = policy.parameter -%}
    {%- set groups = ['source'] + ([by] if policy.policy in ['median', 'mode'] and by else []) -%}
    {%- set order = (['length(' ~ by ~ ')'] if policy.text_order else []) + [by] -%}
    {{ return(macro_to_call(policy.attribute, policy.policy, by, groups, order, policy.type)) }}
{%- endmacro -%}

{#-
  The rows of an entity with what is missing filled as stated; for each attribute that may be filled
  <attribute>_was_imputed; and policy_rule, the rule that sets a row aside: an attribute is missing that
  may not be, or a value breaks a quality rule whose action is quarantine. It comes before any judgement,
  so that each row is judged by what it will say.
-#}
{%- macro filled(entity, relation) -%}
    {%- set policies = missing_policies(entity) -%}
    {%- set drops = quarantining_rules(entity) -%}
    {%- set place = places_of([entity]).get(entity, {}) -%}
    {%- if not place %}{{ return('select * from ' ~ relation) }}{% endif -%}
    {%- set columns = ['given.source'] -%}
    {%- set filled_by = {} -%}
    {%- for policy in policies if policy.fills %}{% do filled_by.update({policy.attribute: policy}) %}{% endfor -%}
    {%- for name, column in place.items() -%}
        {%- set policy = filled_by.get(name) -%}
        {%- do columns.append((imputed_by(policy, imputed) if policy else name) ~ ' as ' ~ name) -%}
        {%- if column.is_fillable -%}
            {%- do columns.append((imputed_by(policy, was_imputed) if policy else 'false') ~ ' as ' ~ name ~ '_was_imputed') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set cases = [] -%}
    {%- for policy in policies if policy.policy == 'exclude' -%}
        {%- do cases.append('when ' ~ policy.attribute ~ " is null then '" ~ policy.attribute ~ " is missing: excluded by policy'") -%}
    {%- endfor -%}
    {%- for rule in drops -%}
        {%- set fence = 'fence_' ~ loop.index -%}
        {%- do cases.append(
            'when ' ~ rule.attribute ~ ' < ' ~ fence ~ '.low or ' ~ rule.attribute ~ ' > ' ~ fence ~ '.high then '
            ~ literal(rule.attribute ~ ' is out of bounds: quarantined by the rule ' ~ rule.rule)
        ) -%}
    {%- endfor %}
    select
        {{ columns | join(',\n        ') }},
        updated_at,
        is_deleted,
        {% if entity in loaded_entities() %}loaded_at,{% endif %}
        {% if cases %}case {{ cases | join(' ') }} end{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as policy_rule
    from {{ relation }} as given
    {%- for rule in drops %}
    left join ({{ fences(rule, relation, rule.attribute) }}) as fence_{{ loop.index }}
        on given.source = fence_{{ loop.index }}.fenced_source
    {%- endfor %}
{%- endmacro -%}

{#- How many kept rows each policy filled or flagged: one select per policy, below each other. -#}
{%- macro missing_values_counted() -%}
    {%- set parts = [] -%}
    {%- for entity in ['customers', 'orders', 'order_lines', 'products'] -%}
        {%- set judged = ref('int_' ~ entity ~ '__judged') -%}
        {%- for policy in missing_policies(entity) if policy.policy != 'exclude' -%}
            {%- set met = policy.attribute ~ ('_was_imputed' if policy.fills else ' is null') -%}
            {%- set said = 'filled by ' ~ policy.policy if policy.fills else 'flagged by policy' -%}
            {%- do parts.append(
                "select source, '" ~ entity ~ "' as entity, '" ~ policy.attribute ~ ' is missing: ' ~ said
                ~ "' as rule, count(*) as rows_flagged from " ~ judged ~ ' where rejection_rule is null and '
                ~ met ~ ' group by source'
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not parts -%}
        {%- do parts.append(
            'select cast(null as ' ~ dbt.type_string() ~ ') as source, cast(null as ' ~ dbt.type_string()
            ~ ') as entity, cast(null as ' ~ dbt.type_string() ~ ') as rule, 0 as rows_flagged where 1 = 0'
        ) -%}
    {%- endif -%}
    {{ return(parts | join('\nunion all\n')) }}
{%- endmacro -%}

{#- The value that a source gave for an attribute: what a policy filled in is not there. -#}
{%- macro given_value(entity, attribute) -%}
    {%- if execute and places_of([entity])[entity][attribute].is_fillable -%}
        case when not {{ attribute }}_was_imputed then {{ attribute }} end
    {%- else -%}{{ attribute }}
    {%- endif -%}
{%- endmacro -%}
