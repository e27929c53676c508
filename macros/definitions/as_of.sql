{#-
  The state before each as-of date, from one pass over the rows: as_of_columns() turns as_of_dates into
  one row, summed_before() adds up a value before each of its dates, and on_date() reads the sum of one
  date. A join with the dates would meet each row once for every date, and group them all.
-#}
{%- macro as_of_columns() -%}
    {%- for months in range(var('replay_months') + 1) %}
        max(case when months_before = {{ months }} then as_of_date end) as as_of_{{ months }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro -%}

{%- macro summed_before(value, date, name) -%}
    {%- for months in range(var('replay_months') + 1) %}
        cast(sum(case when {{ date }} < dated.as_of_{{ months }} then {{ value }} end) as bigint)
            as {{ name }}_{{ months }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro -%}

{%- macro on_date(name) -%}
    case as_of_dates.months_before
        {%- for months in range(var('replay_months') + 1) %}
        when {{ months }} then {{ name }}_{{ months }}
        {%- endfor %}
    end
{%- endmacro -%}
