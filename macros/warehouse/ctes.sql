{#-
  Behind `as`: a query that is read more than once is written out each time, and not kept. Of a wide table
  of lines, reading it again costs half of keeping it.
-#}
{%- macro inlined() -%}{{ adapter.dispatch('inlined', 'coterie')() }}{%- endmacro -%}
{%- macro default__inlined() -%}{%- endmacro -%}
{%- macro duckdb__inlined() -%}not materialized{%- endmacro -%}
