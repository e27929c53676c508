{#- The id of the release that this run builds: when it started, and which invocation it was. -#}
{%- macro release_id() -%}
    '{{ run_started_at.strftime("%Y%m%dT%H%M%SZ") }}-{{ invocation_id[:8] }}'
{%- endmacro -%}

{#- The day from which a label is stale: one refresh after its as-of date. -#}
{%- macro valid_until(as_of_date, refresh) -%}
    case {{ refresh }}
        when 'daily' then {{ move_date(as_of_date, 'day', 1) }}
        when 'weekly' then {{ move_date(as_of_date, 'day', 7) }}
        when 'monthly' then {{ move_date(as_of_date, 'month', 1) }}
        when 'quarterly' then {{ move_date(as_of_date, 'month', 3) }}
        when 'yearly' then {{ move_date(as_of_date, 'year', 1) }}
    end
{%- endmacro -%}
