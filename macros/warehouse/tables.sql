{#- Whether rows of a table can be deleted: not of plain files, whose partitions are written anew. -#}
{%- macro replaces_rows() -%}{{ return(adapter.dispatch('replaces_rows', 'coterie')()) }}{%- endmacro -%}
{%- macro default__replaces_rows() -%}{{ return(false) }}{%- endmacro -%}
{%- macro duckdb__replaces_rows() -%}{{ return(true) }}{%- endmacro -%}
