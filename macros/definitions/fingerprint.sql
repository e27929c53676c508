{#- Columns that differ between two builds of the same data: ids of runs, clocks, stopwatches. -#}
{%- macro volatile_columns() -%}
    {{ return(['release_id', 'published_at', 'fit_seconds', 'fit_peak_mib', 'libraries']) }}
{%- endmacro -%}

{#- An md5 of a table's content, whatever the order of its rows; doubles to 9 decimals. -#}
{%- macro content_fingerprint(relation) -%}
    {%- set parts = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(relation) | sort(attribute='name')
            if column.name not in volatile_columns() -%}
            {%- set value = 'round(' ~ column.name ~ ', 9)' if column.is_float() else column.name -%}
            {%- do parts.append(
                "coalesce(cast(" ~ value ~ " as " ~ dbt.type_string() ~ "), '<null>')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    md5({{ join_sorted("md5(" ~ parts | join(" || '|' || ") ~ ")") }})
{%- endmacro -%}
