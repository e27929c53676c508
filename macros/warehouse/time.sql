{#- A UTC timestamp as the wall clock of a time zone, daylight saving included. -#}
{%- macro to_local_time(timestamp, zone) -%}
    {{ adapter.dispatch('to_local_time', 'coterie')(timestamp, zone) }}
{%- endmacro -%}
{%- macro default__to_local_time(timestamp, zone) -%}
    from_utc_timestamp({{ timestamp }}, '{{ zone }}')
{%- endmacro -%}
{%- macro duckdb__to_local_time(timestamp, zone) -%}
    timezone('{{ zone }}', timezone('UTC', {{ timestamp }}))
{%- endmacro -%}

{#- Whole days from one date to a later one. -#}
{%- macro days_between(earlier, later) -%}
    cast({{ dbt.datediff(earlier, later, 'day') }} as bigint)
{%- endmacro -%}

{#- Calendar months from one date to a later one: 31 January to 1 February is one. -#}
{%- macro months_between(earlier, later) -%}
    cast({{ dbt.datediff(earlier, later, 'month') }} as bigint)
{%- endmacro -%}

{#- A date moved by whole units, still a date. -#}
{%- macro move_date(date, unit, number) -%}
    cast({{ dbt.dateadd(unit, number, date) }} as date)
{%- endmacro -%}

{#- Saturday or Sunday. Engines number the days differently; ISO numbers them alike. -#}
{%- macro is_weekend(date) -%}{{ adapter.dispatch('is_weekend', 'coterie')(date) }}{%- endmacro -%}
{%- macro default__is_weekend(date) -%}(weekday({{ date }}) >= 5){%- endmacro -%}
{%- macro duckdb__is_weekend(date) -%}(isodow({{ date }}) >= 6){%- endmacro -%}

{#- The wall clock of a time zone as a UTC timestamp. -#}
{%- macro to_utc_time(timestamp, zone) -%}
    {{ adapter.dispatch('to_utc_time', 'coterie')(timestamp, zone) }}
{%- endmacro -%}
{%- macro default__to_utc_time(timestamp, zone) -%}
    to_utc_timestamp({{ timestamp }}, '{{ zone }}')
{%- endmacro -%}
{%- macro duckdb__to_utc_time(timestamp, zone) -%}
    timezone('UTC', timezone('{{ zone }}', {{ timestamp }}))
{%- endmacro -%}

{#- A timestamp with time zone as a plain timestamp in UTC. -#}
{%- macro utc_of(moment) -%}{{ adapter.dispatch('utc_of', 'coterie')(moment) }}{%- endmacro -%}
{%- macro default__utc_of(moment) -%}to_utc_timestamp({{ moment }}, current_timezone()){%- endmacro -%}
{%- macro duckdb__utc_of(moment) -%}timezone('UTC', {{ moment }}){%- endmacro -%}

{#-
  A text as a timestamp, by a form in the words of strptime; null when it is not of that form. With an
  offset in the form the result is in UTC.
-#}
{%- macro parse_time(value, form) -%}{{ adapter.dispatch('parse_time', 'coterie')(value, form) }}{%- endmacro -%}
{%- macro default__parse_time(value, form) -%}
    {%- set words = {
        '%Y': 'yyyy', '%y': 'yy', '%m': 'M', '%d': 'd', '%b': 'MMM', '%H': 'H', '%I': 'h', '%M': 'm',
        '%S': 's', '%f': 'SSSSSS', '%p': 'a', '%z': 'XX', 'T': "''T''",
    } -%}
    {%- set spelled = namespace(form=form) -%}
    {%- for ours, theirs in words.items() %}{% set spelled.form = spelled.form | replace(ours, theirs) %}{% endfor -%}
    try_to_timestamp(trim({{ value }}), '{{ spelled.form }}')
{%- endmacro -%}
{%- macro duckdb__parse_time(value, form) -%}
    {%- if '%z' in form -%}timezone('UTC', try_strptime(trim({{ value }}), '{{ form }}'))
    {%- else -%}try_strptime(trim({{ value }}), '{{ form }}')
    {%- endif -%}
{%- endmacro -%}
