{#- The entities of the input contract. -#}
{%- macro input_entities() -%}
    {{ return([
        'customers', 'orders', 'order_lines', 'products',
        'campaigns', 'campaign_contacts', 'campaign_responses', 'customer_attributes',
    ]) }}
{%- endmacro -%}

{#-
  Every enabled source's staging model of one entity, one below the other, with the columns and types of
  the contract of input_<entity>. A source that lacks the entity is not asked for it; when none has it,
  the result is empty and typed, so that whatever reads it is empty too, and nothing fails.
-#}
{%- macro union_sources(entity) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- set contract = graph.nodes['model.' ~ model.package_name ~ '.input_' ~ entity].columns -%}
        {%- for column in contract.values() if column.name != 'source' -%}
            {%- do columns.append('cast(' ~ column.name ~ ' as ' ~ column.data_type ~ ') as ' ~ column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for source in var('sources') if entity in var('sources')[source] -%}
        {%- set relation = ref('stg_' ~ source ~ '__' ~ entity) -%}
        {%- if execute %}{% do check_columns(relation, contract) %}{% endif -%}
        {%- do parts.append(
            "select\n    '" ~ source ~ "' as source,\n    " ~ columns | join(',\n    ') ~ "\nfrom " ~ relation
        ) -%}
    {%- endfor -%}
    {{ parts | join('\nunion all\n') if parts else empty_contract(contract) }}
{%- endmacro -%}

{#- The typed empty table of a contract. -#}
{%- macro empty_contract(contract) -%}
    {%- if contract -%}
    select
        {%- for column in contract.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- endif -%}
{%- endmacro -%}

{#- Stop with table, column and remedy when a staging model lacks a column of the contract. -#}
{%- macro check_columns(relation, contract) -%}
    {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
    {%- for column in contract.values() if column.name != 'source' and present and column.name not in present -%}
        {{ exceptions.raise_compiler_error(
            relation.identifier ~ ': column ' ~ column.name ~ ' (' ~ column.data_type ~ ') of the input contract is '
            ~ 'missing. Add it; where the source does not have it: cast(null as ' ~ column.data_type ~ ').'
        ) }}
    {%- endfor -%}
{%- endmacro -%}

{#- The key of a row that must not be shown: an md5 of its parts. -#}
{%- macro row_key_hash(columns) -%}
    md5(
        {%- for column in columns -%}
        coalesce({{ column }}, ''){{ " || '|' || " if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro -%}

{#- Events later than the day of this build have not happened. The one use of the clock on data. -#}
{%- macro latest_plausible_date() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d") }}' as date)
{%- endmacro -%}

{#- The columns of an entity in the input contract, but `source`; none while dbt parses. -#}
{%- macro contract_columns(entity) -%}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- set node = graph.nodes['model.' ~ model.package_name ~ '.input_' ~ entity] -%}
        {%- for name in node.columns if name != 'source' %}{% do names.append(name) %}{% endfor -%}
    {%- endif -%}
    {{ return(names) }}
{%- endmacro -%}
