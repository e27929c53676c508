{#- Columns that differ between two builds of the same data: ids of runs, clocks, stopwatches. -#}
{%- macro volatile_columns() -%}
    {{ return([
        'release_id', 'measured_release_id', 'previous_value', 'previous_status', 'published_at', 'fit_seconds',
        'fit_peak_mib', 'libraries', 'serving_release_id',
    ]) }}
{%- endmacro -%}

{#- An md5 of a row of a table, but for some of its columns; doubles to 9 decimals. -#}
{%- macro row_hash(relation, without=[]) -%}
    {%- set parts = [] -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | sort(attribute='name') if execute else [] -%}
    {%- for column in columns if column.name not in without -%}
        {%- set value = 'round(' ~ column.name ~ ', 9)' if column.is_float() else column.name -%}
        {%- do parts.append("coalesce(cast(" ~ value ~ " as " ~ dbt.type_string() ~ "), '<null>')") -%}
    {%- endfor -%}
    {{ dbt.hash(parts | join(" || '|' || ") or "''") }}
{%- endmacro -%}

{#-
  A query of the md5 of each row of a table (row_hash), equal in two builds of the same data. Of a log
  of runs (measured_release_id) only this run's rows count: it grows, and the data is still the same.
-#}
{%- macro row_hashes(relation) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) if execute else [] %}
    select {{ row_hash(relation, without=volatile_columns()) }} as row_hash
    from {{ relation }}
    {%- if 'measured_release_id' in columns | map(attribute='name') %}
    where measured_release_id = {{ release_id() }}
    {%- endif %}
{%- endmacro -%}
