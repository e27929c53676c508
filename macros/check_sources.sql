{#-
  Before anything is built: every table of every enabled source that an enabled model reads has the columns
  and kinds of types that its YAML declares, and rows. Stops with table, column, count and remedy; what was published stays.
-#}
{%- macro check_sources() -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set faults = consent_faults() -%}
        {%- set read = tables_read() -%}
        {%- for table in graph.sources.values()
            if table.source_name in var('sources') and table.unique_id in read -%}
            {%- do faults.extend(source_faults(table)) -%}
        {%- endfor -%}
        {%- if faults -%}
            {{ exceptions.raise_compiler_error('the sources are not as declared:\n  ' ~ faults | join('\n  ')) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro -%}

{#- The ids of the tables that enabled models read: what a source lacks, and nobody asks for, is no fault. -#}
{%- macro tables_read() -%}
    {%- set read = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- do read.extend(node.depends_on.nodes) -%}
    {%- endfor -%}
    {{ return(read) }}
{%- endmacro -%}

{%- macro source_faults(table) -%}
    {%- set name = 'source ' ~ table.source_name ~ ', table ' ~ table.name -%}
    {%- set actual = {} -%}
    {%- for column in adapter.get_column_schema_from_query('select * from ' ~ table.relation_name) -%}
        {%- do actual.update({column.name | lower: column.data_type}) -%}
    {%- endfor -%}
    {%- set faults = [] -%}
    {%- for column in table.columns.values() -%}
        {%- if column.name not in actual -%}
            {%- do faults.append(name ~ ': column ' ~ column.name ~ ' is missing; restore it, or correct the declaration') -%}
        {%- elif kind_of_type(column.data_type) != kind_of_type(actual[column.name]) -%}
            {%- do faults.append(
                name ~ ': column ' ~ column.name ~ ' is ' ~ actual[column.name] ~ ', declared as '
                ~ column.data_type ~ '; restore the type, or cast it in the staging model and declare it so'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not faults and run_query('select 1 from ' ~ table.relation_name ~ ' limit 1') | length == 0 -%}
        {%- do faults.append(name ~ ': has 0 rows; load it, or take its entity out of var sources') -%}
    {%- endif -%}
    {{ return(faults) }}
{%- endmacro -%}

{#- Types that may stand for each other: numbers, moments, booleans, text. -#}
{%- macro kind_of_type(type) -%}
    {%- set word = type | lower -%}
    {%- if 'int' in word or 'double' in word or 'float' in word or 'real' in word or 'decimal' in word or 'numeric' in word -%}
        {{ return('number') }}
    {%- elif 'time' in word or 'date' in word -%}{{ return('moment') }}
    {%- elif 'bool' in word -%}{{ return('boolean') }}
    {%- else -%}{{ return('text') }}
    {%- endif -%}
{%- endmacro -%}

{#- The sandbox lies in a folder of that name, so that it can write nothing that is live. -#}
{%- macro check_target() -%}
    {%- if execute and target.name == 'sandbox' and target.get('path', 'sandbox/x').split('/')[-2:-1] != ['sandbox'] -%}
        {{ exceptions.raise_compiler_error(
            'target sandbox would write ' ~ target.path.split('/')[-1] ~ ' outside of a folder sandbox/: nothing was built; '
            ~ 'set its path in profiles.yml to <folder>/sandbox/build.duckdb'
        ) }}
    {%- endif -%}
{%- endmacro -%}
