{#- One word for a 64-bit float: dbt.type_float() is 32 bits on some engines. -#}
{%- macro type_double() -%}{{ adapter.dispatch('type_double', 'coterie')() }}{%- endmacro -%}
{%- macro default__type_double() -%}double{%- endmacro -%}
{%- macro postgres__type_double() -%}double precision{%- endmacro -%}

{#- A type of the contract (string, double, ...) in the engine's words. -#}
{%- macro type_of(word) -%}
    {{- {'string': dbt.type_string(), 'double': type_double()}.get(word, word) -}}
{%- endmacro -%}

{#- A cast that gives null, not an error that prints the value. -#}
{%- macro try_cast(expression, type) -%}
    {{ adapter.dispatch('try_cast', 'coterie')(expression, type) }}
{%- endmacro -%}
{%- macro default__try_cast(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro -%}

{%- macro double(expression) -%}cast({{ expression }} as {{ type_double() }}){%- endmacro -%}

{#- What an engine needs before a run can say the words of this folder: functions of its own. -#}
{%- macro prepare_warehouse() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'test'] -%}
        {{ adapter.dispatch('prepare_warehouse', 'coterie')() }}
    {%- endif -%}
{%- endmacro -%}
{%- macro default__prepare_warehouse() -%}{%- endmacro -%}
