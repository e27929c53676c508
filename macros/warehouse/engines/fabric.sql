{#-
  Microsoft Fabric Data Warehouse. What T-SQL lacks in grammar (booleans, || and the order of nulls) is
  rewritten from the standard by coterie.clouds.fabric; here are its functions. It has no lists: vectors are
  texts in JSON.
-#}
{%- macro fabric__type_double() -%}float{%- endmacro -%}

{%- macro fabric__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro -%}
{%- macro fabric__matches_pattern(text, pattern) -%}
    (regexp_instr({{ text }}, {{ literal(pattern) }}) > 0)
{%- endmacro -%}

{%- macro fabric__join_text(value, condition) -%}
    string_agg(cast(case when {{ condition }} then {{ value }} end as varchar(max)), ', ')
    within group (order by {{ value }})
{%- endmacro -%}
{%- macro fabric__join_sorted(value) -%}
    coalesce(string_agg(cast({{ value }} as varchar(max)), '') within group (order by {{ value }}), '')
{%- endmacro -%}

{#- Time zones have the names of Windows. -#}
{%- macro windows_zone(zone) -%}
    {%- set names = {
        'UTC': 'UTC', 'Europe/London': 'GMT Standard Time', 'Europe/Berlin': 'W. Europe Standard Time',
        'Europe/Paris': 'Romance Standard Time', 'America/New_York': 'Eastern Standard Time',
        'America/Chicago': 'Central Standard Time', 'America/Denver': 'Mountain Standard Time',
        'America/Los_Angeles': 'Pacific Standard Time', 'America/Sao_Paulo': 'E. South America Standard Time',
        'Asia/Tokyo': 'Tokyo Standard Time', 'Asia/Kolkata': 'India Standard Time',
        'Asia/Shanghai': 'China Standard Time', 'Australia/Sydney': 'AUS Eastern Standard Time',
    } -%}
    {%- if zone not in names -%}
        {{ exceptions.raise_compiler_error(
            'time zone ' ~ zone ~ ' has no Windows name here: add it to windows_zone in macros/warehouse/engines/fabric.sql'
        ) }}
    {%- endif -%}
    {{- names[zone] -}}
{%- endmacro -%}
{%- macro fabric__to_local_time(timestamp, zone) -%}
    cast({{ timestamp }} at time zone 'UTC' at time zone '{{ windows_zone(zone) }}' as datetime2(6))
{%- endmacro -%}
{%- macro fabric__to_utc_time(timestamp, zone) -%}
    cast({{ timestamp }} at time zone '{{ windows_zone(zone) }}' at time zone 'UTC' as datetime2(6))
{%- endmacro -%}
{%- macro fabric__utc_of(moment) -%}cast({{ moment }} at time zone 'UTC' as datetime2(6)){%- endmacro -%}

{#- The first of January 1900 was a Monday. -#}
{%- macro fabric__is_weekend(date) -%}
    (datediff(day, cast('1900-01-01' as date), {{ date }}) % 7 >= 5)
{%- endmacro -%}
{%- macro fabric__parse_time(value, form) -%}
    {%- if not form.startswith('%Y-%m-%d') -%}
        {{ exceptions.raise_compiler_error(
            'form ' ~ form ~ ' cannot be read on Fabric, only ISO ones (%Y-%m-%d ...): give a date or timestamp'
        ) }}
    {%- endif -%}
    {%- if '%z' in form -%}
        cast(try_cast(trim({{ value }}) as datetimeoffset) at time zone 'UTC' as datetime2(6))
    {%- else -%}try_cast(trim({{ value }}) as datetime2(6))
    {%- endif -%}
{%- endmacro -%}

{#- A number as text that gives the same number back; the style 3 keeps 17 digits. -#}
{%- macro json_number(expression) -%}
    coalesce(convert(varchar(40), cast({{ expression }} as float), 3), 'null')
{%- endmacro -%}
{%- macro json_list(item, position) -%}
    '[' || string_agg(cast({{ item }} as varchar(max)), ',') within group (order by {{ position }}) || ']'
{%- endmacro -%}

{%- macro fabric__make_vector(expressions) -%}
    concat('[',{% for expression in expressions %} {{ json_number(expression) }},{{ " ','," if not loop.last }}
    {%- endfor %} ']')
{%- endmacro -%}
{%- macro fabric__make_text_vector(expressions) -%}
    concat('[',{% for expression in expressions %} {{ json_text(expression) }},{{ " ','," if not loop.last }}
    {%- endfor %} ']')
{%- endmacro -%}
{%- macro json_text(expression) -%}
    coalesce('"' || string_escape({{ expression }}, 'json') || '"', 'null')
{%- endmacro -%}
{%- macro fabric__collect_vector(value, position) -%}
    {{ json_list(json_number(value), position) }}
{%- endmacro -%}
{%- macro fabric__collect_text_vector(value, position) -%}
    {{ json_list(json_text(value), position) }}
{%- endmacro -%}
{%- macro fabric__map_positions(vector, expression, position) -%}
    (
        select {{ json_list(position ~ '_value', position) }}
        from (
            select {{ position }}, {{ json_number(expression) }} as {{ position }}_value
            from (
                select cast({{ position }}_item.[key] as int) + 1 as {{ position }}
                from openjson({{ vector }}) as {{ position }}_item
            ) as {{ position }}_places
        ) as {{ position }}_values
    )
{%- endmacro -%}
{%- macro fabric__vector_length(vector) -%}(select count(*) from openjson({{ vector }})){%- endmacro -%}
{%- macro fabric__element(vector, position) -%}
    cast({{ fabric__text_element(vector, position) }} as float)
{%- endmacro -%}
{%- macro fabric__text_element(vector, position) -%}
    json_value({{ vector }}, concat('$[', cast({{ position }} as int) - 1, ']'))
{%- endmacro -%}
{%- macro fabric__append_vector(vector, value) -%}
    concat(left({{ vector }}, len({{ vector }}) - 1), ',', {{ json_number(value) }}, ']')
{%- endmacro -%}
{%- macro fabric__sum_vector(vector) -%}
    (select coalesce(sum(cast(item.[value] as float)), 0) from openjson({{ vector }}) as item)
{%- endmacro -%}
{%- macro fabric__is_complete(vector) -%}
    (not exists (select 1 from openjson({{ vector }}) as item where item.[value] is null))
{%- endmacro -%}

{%- macro fabric__smallest_mode(column) -%}{{ no_window_mode(column) }}{%- endmacro -%}
{%- macro fabric__last_known(column, partition, order) -%}
    last_value({{ column }}) ignore nulls over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}

{#- Its percentile_cont is of windows only: that of a group is read off its sorted values. -#}
{%- macro fabric__value_at_share(value, share) -%}
    {%- set known = json_list('convert(varchar(40), cast(' ~ value ~ ' as float), 3)', value) -%}
    {%- set place = '(' ~ share ~ ' * (count(' ~ value ~ ') - 1))' -%}
    {%- set low = fabric__element(known, 'floor(' ~ place ~ ') + 1') -%}
    {%- set high = fabric__element(known, 'ceiling(' ~ place ~ ') + 1') -%}
    case
        when count({{ value }}) > 0
            then {{ low }} + ({{ place }} - floor({{ place }})) * ({{ high }} - {{ low }})
    end
{%- endmacro -%}
{%- macro fabric__middle(value) -%}{{ fabric__value_at_share(value, '0.5') }}{%- endmacro -%}
{%- macro fabric__middle_over(value, window) -%}
    percentile_cont(0.5) within group (order by {{ value }}) over ({{ window }})
{%- endmacro -%}
{%- macro fabric__correlation(x, y) -%}{{ correlation_by_sums(x, y) }}{%- endmacro -%}
