{#- A Python model is executed in the live session; what it returns, Arrow, pandas or Spark, is written as a table. -#}
{% macro sparksession__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if language == 'sql' -%}
        {%- set files = target.get('output_partitions') or 0 -%}
        {%- if files and not temporary -%}
            {#- A union of many small parts has a task, and a file, for each. -#}
            {%- set compiled_code -%}
                select /*+ coalesce({{ files }}) */ * from (
                    {{ compiled_code }}
                ) as written
            {%- endset -%}
            {{ spark__create_table_as(temporary, relation, compiled_code, language) }}
        {%- else -%}
            {{ spark__create_table_as(temporary, relation, compiled_code, language) }}
        {%- endif -%}
    {%- else %}
{{ compiled_code }}

from dbt.adapters.sparksession.tables import write

write(
    spark,
    model(dbtObj(spark.table), spark),
    '{{ relation }}',
    '{{ config.get("file_format", "parquet") }}',
)
    {%- endif -%}
{%- endmacro %}
