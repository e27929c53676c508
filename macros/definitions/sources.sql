{#- The entities of the input contract. -#}
{%- macro input_entities() -%}
    {{ return([
        'customers', 'orders', 'order_lines', 'products', 'identifiers', 'consents', 'interactions',
        'relationships', 'campaigns', 'campaign_contacts', 'campaign_responses',
        'customer_attributes', 'legacy_segments', 'context',
    ]) }}
{%- endmacro -%}

{#- The entities of a source: what var `sources` lists for it, or these five. -#}
{%- macro entities_of(source) -%}
    {%- set listed = var('sources')[source] -%}
    {{ return(listed if listed else ['customers', 'identifiers', 'orders', 'order_lines', 'products']) }}
{%- endmacro -%}

{#- Whether a source is enabled and has an entity: what its staging models are enabled by. -#}
{%- macro has_entity(source, entity) -%}
    {{ return(source in var('sources') and entity in entities_of(source)) }}
{%- endmacro -%}

{#-
  Every enabled source's staging model of one entity, one below the other, with the columns and types of
  the contract of input_<entity>, and whether and when a row was changed or deleted. An optional column
  that a source lacks is null. A source that lacks the entity is not asked for it; when none has it, the
  result is empty and typed, so that whatever reads it is empty too, and nothing fails.
-#}
{%- macro union_sources(entity) -%}
    {%- set contract = contract_of(entity) -%}
    {%- set parts = [] -%}
    {%- for source in var('sources') if entity in entities_of(source) -%}
        {%- set relation = ref('stg_' ~ source ~ '__' ~ entity) -%}
        {%- set present = checked_columns(relation, contract) -%}
        {%- set columns = ["'" ~ source ~ "' as source"] -%}
        {%- for column in contract -%}
            {%- do columns.append(
                'cast(' ~ (column.name if column.name in present else 'null')
                ~ ' as ' ~ type_of(column.data_type) ~ ') as ' ~ column.name
            ) -%}
        {%- endfor -%}
        {%- do parts.append("select\n    " ~ columns | join(',\n    ') ~ "\nfrom " ~ relation) -%}
    {%- endfor -%}
    {{ parts | join('\nunion all\n') if parts else empty_contract(contract) }}
{%- endmacro -%}

{#- The staging models of an entity. -#}
{%- macro given_relations(entity) -%}
    {%- set relations = [] -%}
    {%- for source in var('sources') if entity in entities_of(source) -%}
        {%- do relations.append(ref('stg_' ~ source ~ '__' ~ entity)) -%}
    {%- endfor -%}
    {{ return(relations) }}
{%- endmacro -%}

{#- The columns that a staging model of an entity may have; only those without `optional` must be there. -#}
{%- macro contract_of(entity) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- set node = graph.nodes['model.' ~ model.package_name ~ '.input_' ~ entity] -%}
        {%- for column in node.columns.values()
            if column.name != 'source' and not column.config.meta.get('derived', false) -%}
            {%- do columns.append({
                'name': column.name,
                'data_type': column.data_type,
                'is_optional': column.config.meta.get('optional', false),
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do columns.append({'name': 'updated_at', 'data_type': 'timestamp', 'is_optional': true}) -%}
    {%- do columns.append({'name': 'is_deleted', 'data_type': 'boolean', 'is_optional': true}) -%}
    {%- if entity in loaded_entities() -%}
        {%- do columns.append({'name': 'loaded_at', 'data_type': 'timestamp', 'is_optional': true}) -%}
    {%- endif -%}
    {{ return(columns) }}
{%- endmacro -%}

{#- The typed empty table of a contract. -#}
{%- macro empty_contract(contract) -%}
    select
        cast(null as {{ dbt.type_string() }}) as source
        {%- for column in contract %},
        cast(null as {{ type_of(column.data_type) }}) as {{ column.name }}
        {%- endfor %}
    where 1 = 0
{%- endmacro -%}

{#- The columns of a staging model; stops with table, column and remedy when they are not the contract's. -#}
{%- macro checked_columns(relation, contract) -%}
    {%- if not execute %}{{ return(contract | map(attribute='name') | list) }}{% endif -%}
    {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
    {%- for column in contract if not column.is_optional and present and column.name not in present -%}
        {{ exceptions.raise_compiler_error(
            relation.identifier ~ ': column ' ~ column.name ~ ' (' ~ column.data_type ~ ') of the input contract is '
            ~ 'missing. Add it; where the source does not have it: cast(null as ' ~ column.data_type ~ ').'
        ) }}
    {%- endfor -%}
    {%- set known = contract | map(attribute='name') | list -%}
    {%- for name in present if name not in known -%}
        {{ exceptions.raise_compiler_error(
            relation.identifier ~ ': column ' ~ name ~ ' is not in the input contract. Rename it to one of '
            ~ known | join(', ') ~ ', or leave it out.'
        ) }}
    {%- endfor -%}
    {{ return(present) }}
{%- endmacro -%}

{#- The key of a row that must not be shown: an md5 of its parts. -#}
{%- macro row_key_hash(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns %}{% do parts.append('coalesce(' ~ column ~ ", '')") %}{% endfor -%}
    {{ dbt.hash(parts | join(" || '|' || ")) }}
{%- endmacro -%}

{#- Events later than the day of this build have not happened. The one use of the clock on data. -#}
{%- macro latest_plausible_date() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d") }}' as date)
{%- endmacro -%}

{#- The columns of an entity in the input contract, but `source` and derived ones; none while dbt parses. -#}
{%- macro contract_columns(entity) -%}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- set node = graph.nodes['model.' ~ model.package_name ~ '.input_' ~ entity] -%}
        {%- for column in node.columns.values()
            if column.name != 'source' and not column.config.meta.get('derived', false) -%}
            {%- do names.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(names) }}
{%- endmacro -%}

{#- What the YAML of a source says about it in config.meta (its first table, by name); {} while dbt parses. -#}
{%- macro source_meta(source) -%}
    {%- if not execute %}{{ return({}) }}{% endif -%}
    {%- for table in graph.sources.values() | sort(attribute='name') if table.source_name == source -%}
        {{ return(table.config.meta) }}
    {%- endfor -%}
    {{ return({}) }}
{%- endmacro -%}

{#- Why a source may be used, as its YAML states it (config.meta.legal_basis); none when it does not. -#}
{%- macro legal_basis(source) -%}
    {{ return(source_meta(source).get('legal_basis') or none) }}
{%- endmacro -%}

{#- What is registered about each source of var `sources`, from its YAML; empty while dbt parses. -#}
{%- macro source_entries() -%}
    {%- set entries = [] -%}
    {%- if execute -%}
        {%- for source in var('sources') | sort -%}
            {%- set meta = source_meta(source) -%}
            {%- set tables = graph.sources.values() | selectattr('source_name', 'equalto', source)
                | sort(attribute='name') | list -%}
            {%- do entries.append({
                'source': source,
                'description': tables[0].source_description if tables else none,
                'system': meta.get('system'),
                'owner': meta.get('owner'),
                'kpi': meta.get('kpi'),
                'access_status': meta.get('access_status'),
                'legal_basis': legal_basis(source),
                'licence': meta.get('licence'),
                'entities': entities_of(source) | sort | join(', '),
                'tables': tables | map(attribute='name') | join(', '),
                'refresh': meta.get('refresh'),
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(entries) }}
{%- endmacro -%}

{#- Text as a SQL literal, null for none. -#}
{%- macro text_or_null(text) -%}
    cast({{ literal(text) if text else 'null' }} as {{ dbt.type_string() }})
{%- endmacro -%}

{#- Whether a row (entity, attribute) is of an attribute that every staging model must have. -#}
{%- macro is_required_attribute() -%}
    {%- set parts = [] -%}
    {%- for entity in input_entities() if execute -%}
        {%- set names = [] -%}
        {%- for column in contract_of(entity) if not column.is_optional -%}
            {%- do names.append("'" ~ column.name ~ "'") -%}
        {%- endfor -%}
        {%- do parts.append("(entity = '" ~ entity ~ "' and attribute in (" ~ names | join(', ') ~ '))') -%}
    {%- endfor -%}
    ({{ parts | join(' or ') or 'true' }})
{%- endmacro -%}
