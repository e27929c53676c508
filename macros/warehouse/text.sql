{#- The values of a group as one text, in their own order; null for none. -#}
{%- macro join_text(value, condition) -%}{{ adapter.dispatch('join_text', 'coterie')(value, condition) }}{%- endmacro -%}
{%- macro default__join_text(value, condition) -%}
    nullif(array_join(sort_array(collect_list({{ value }}) filter (where {{ condition }})), ', '), '')
{%- endmacro -%}
{%- macro duckdb__join_text(value, condition) -%}
    string_agg({{ value }}, ', ' order by {{ value }}) filter (where {{ condition }})
{%- endmacro -%}

{#- The values of a group as one text in their own order, '' for none. -#}
{%- macro join_sorted(value) -%}{{ adapter.dispatch('join_sorted', 'coterie')(value) }}{%- endmacro -%}
{%- macro default__join_sorted(value) -%}coalesce(array_join(sort_array(collect_list({{ value }})), ''), ''){%- endmacro -%}
{%- macro duckdb__join_sorted(value) -%}coalesce(string_agg({{ value }}, '' order by {{ value }}), ''){%- endmacro -%}
