{#- A Python model is executed in the live session; what it returns, Arrow, pandas or Spark, is written as a table. -#}
{% macro sparksession__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if language == 'sql' -%}
        {{ spark__create_table_as(temporary, relation, compiled_code, language) }}
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
