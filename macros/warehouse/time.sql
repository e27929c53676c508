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
