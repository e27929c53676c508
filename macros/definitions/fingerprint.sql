{#- Columns that differ between two builds of the same data: ids of runs, clocks, stopwatches. -#}
{%- macro volatile_columns() -%}
    {{ return([
        'release_id', 'measured_release_id', 'previous_value', 'previous_status', 'published_at', 'fit_seconds',
        'fit_peak_mib', 'libraries', 'serving_release_id',
    ]) }}
{%- endmacro -%}

{#-
  An md5 of a table's content, whatever the order of its rows; doubles to 9 decimals. Of a log of runs
  (measured_release_id) only this run's rows count: it grows, and the data is still the same.
-#}
{%- macro content_fingerprint(relation) -%}
    {%- set parts = [] -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | sort(attribute='name') if execute else [] -%}
    {%- set is_log = 'measured_release_id' in columns | map(attribute='name') -%}
    {%- if execute -%}
        {%- for column in columns if column.name not in volatile_columns() -%}
            {%- set value = 'round(' ~ column.name ~ ', 9)' if column.is_float() else column.name -%}
            {%- do parts.append(
                "coalesce(cast(" ~ value ~ " as " ~ dbt.type_string() ~ "), '<null>')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set row = dbt.hash(parts | join(" || '|' || ")) -%}
    {{ dbt.hash(join_sorted('case when measured_release_id = ' ~ release_id() ~ ' then ' ~ row ~ ' end' if is_log else row)) }}
{%- endmacro -%}
