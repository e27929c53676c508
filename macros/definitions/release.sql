{#- The id of the release that this run builds: when it started, and which invocation it was. -#}
{%- macro release_id() -%}
    '{{ run_started_at.strftime("%Y%m%dT%H%M%SZ") }}-{{ invocation_id[:8] }}'
{%- endmacro -%}
