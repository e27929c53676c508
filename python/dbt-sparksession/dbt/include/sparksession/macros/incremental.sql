{#-
  Parquet has no MERGE and no DELETE. append adds files. delete+insert and insert_overwrite replace whole
  partitions, those of the new rows and no other: a model's partition is its unique_key, or `partition_by`.
-#}
{% materialization incremental, adapter='sparksession', supported_languages=['sql', 'python'] -%}
    {%- set language = model['language'] -%}
    {%- set strategy = config.get('incremental_strategy') or 'append' -%}
    {%- set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing_relation = load_relation(this) -%}
    {%- set tmp_relation = this.incorporate(path={'identifier': this.identifier ~ '__dbt_tmp'}, type='table') -%}
    {%- if language == 'sql' -%}
        {%- set tmp_relation = tmp_relation.include(database=false, schema=false) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}

    {%- if existing_relation is none or existing_relation.is_view or should_full_refresh() -%}
        {%- if existing_relation is not none -%}{%- do adapter.drop_relation(existing_relation) -%}{%- endif -%}
        {%- call statement('main', language=language) -%}
            {{ create_table_as(False, target_relation, compiled_code, language) }}
        {%- endcall -%}
    {%- else -%}
        {%- call statement('create_tmp_relation', language=language) -%}
            {{ create_table_as(True, tmp_relation, compiled_code, language) }}
        {%- endcall -%}
        {%- do process_schema_changes(on_schema_change, tmp_relation, existing_relation) -%}
        {%- call statement('main') -%}
            {{ sparksession__insert(strategy, tmp_relation, target_relation) }}
        {%- endcall -%}
        {%- call statement('drop_tmp_relation') -%}
            drop {{ 'view' if language == 'sql' else 'table' }} if exists {{ tmp_relation }}
        {%- endcall -%}
    {%- endif -%}

    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{% macro sparksession__insert(strategy, source, target_relation) -%}
    {%- set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='quoted') | join(', ') -%}
    {%- if strategy == 'append' -%}
        insert into table {{ target_relation }} ({{ columns }})
    {%- elif strategy in ['delete+insert', 'insert_overwrite'] -%}
        {%- set partition = sparksession__partition() -%}
        {%- if not partition -%}
            {{ exceptions.raise_compiler_error(strategy ~ ' needs partition_by or unique_key: the partitions that are replaced') }}
        {%- endif -%}
        insert overwrite table {{ target_relation }} partition ({{ partition | join(', ') }}) ({{ columns }})
    {%- else -%}
        {{ exceptions.raise_compiler_error('incremental_strategy ' ~ strategy ~ ' is unknown on parquet: append, delete+insert or insert_overwrite') }}
    {%- endif %}
    select {{ columns }} from {{ source }}
{%- endmacro %}

{#- The columns that an incremental table is partitioned by, [] for none. -#}
{% macro sparksession__partition() -%}
    {%- set found = config.get('partition_by') or [] -%}
    {%- if not found and config.get('materialized') == 'incremental'
        and config.get('incremental_strategy') in ['delete+insert', 'insert_overwrite'] -%}
        {%- set found = config.get('unique_key') or [] -%}
    {%- endif -%}
    {{ return([found] if found is string else found) }}
{%- endmacro %}

{% macro sparksession__partition_cols(label, required=false) -%}
    {%- set columns = sparksession__partition() -%}
    {%- if columns %}{{ label }} ({{ columns | join(', ') }}){% endif -%}
{%- endmacro %}
