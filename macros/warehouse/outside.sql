{#-
  A Python model where the warehouse runs none: python -m coterie.fit_outside gives it this materialization
  and runs it itself. What it returns is written beside the table, and takes its place or is appended.
-#}
{% materialization outside, default, supported_languages=['python'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set staged = make_intermediate_relation(target_relation) -%}
    {%- set existing = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {%- set is_incremental = existing is not none and existing.is_table
        and config.get('meta', {}).get('materialized') == 'incremental'
        and not (config.get('full_refresh') if config.get('full_refresh') is not none else flags.FULL_REFRESH) -%}

    {{ drop_relation_if_exists(adapter.get_relation(staged.database, staged.schema, staged.identifier)) }}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- call statement('main', language='python') %}
{{ compiled_code }}
STAGED = {{ staged | string | tojson }}
IS_INCREMENTAL = {{ is_incremental }}
BINDING = "{{ get_binding_char() }}"
TYPES = {
    "boolean": "{{ dbt.type_boolean() }}",
    "bigint": "{{ dbt.type_bigint() }}",
    "double": "{{ type_double() }}",
    "timestamp": "{{ dbt.type_timestamp() }}",
    "date": "date",
    "string": "{{ dbt.type_string() }}",
}
    {%- endcall %}

    {% if is_incremental %}
        {%- do process_schema_changes('append_new_columns', staged, existing) -%}
        {%- set columns = adapter.get_columns_in_relation(staged) | map(attribute='name') | join(', ') -%}
        {%- call statement('append') -%}
            insert into {{ existing }} ({{ columns }}) select {{ columns }} from {{ staged }}
        {%- endcall -%}
        {%- do adapter.drop_relation(staged) -%}
    {% else %}
        {{ drop_relation_if_exists(existing) }}
        {%- do adapter.rename_relation(staged, target_relation) -%}
        {%- do create_indexes(target_relation) -%}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
