{#-
  A table as the last run left it, none before the first. Read this way, and not by ref, it makes no edge in
  the graph: what a run remembers of the run before is not what it depends on.
-#}
{%- macro relation_of_last_run(schema, name) -%}
    {%- if execute -%}
        {{ return(adapter.get_relation(database=target.database, schema=schema, identifier=name)) }}
    {%- endif -%}
{%- endmacro -%}
