{#- Snowflake. Vectors are semi-structured arrays: their elements are variants, cast where they are read. -#}
{%- macro snowflake__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ literal(posix_pattern(pattern)) }}, '{{ replacement }}')
{%- endmacro -%}
{%- macro snowflake__matches_pattern(text, pattern) -%}
    (regexp_instr({{ text }}, {{ literal(posix_pattern(pattern)) }}) > 0)
{%- endmacro -%}

{#- A pattern for engines that know no \p{L}: the letters of the engine's own locale. -#}
{%- macro posix_pattern(pattern) -%}
    {{- pattern | replace('\\p{L}', '[:alpha:]') | replace('\\\\p{L}', '[:alpha:]') -}}
{%- endmacro -%}

{%- macro snowflake__join_text(value, condition) -%}
    listagg(case when {{ condition }} then {{ value }} end, ', ') within group (order by {{ value }})
{%- endmacro -%}
{%- macro snowflake__join_sorted(value) -%}
    coalesce(listagg({{ value }}, '') within group (order by {{ value }}), '')
{%- endmacro -%}

{%- macro snowflake__to_local_time(timestamp, zone) -%}
    convert_timezone('UTC', '{{ zone }}', {{ timestamp }})
{%- endmacro -%}
{%- macro snowflake__to_utc_time(timestamp, zone) -%}
    convert_timezone('{{ zone }}', 'UTC', {{ timestamp }})
{%- endmacro -%}
{%- macro snowflake__utc_of(moment) -%}
    cast(convert_timezone('UTC', {{ moment }}) as timestamp_ntz)
{%- endmacro -%}
{%- macro snowflake__is_weekend(date) -%}(dayofweekiso({{ date }}) >= 6){%- endmacro -%}
{%- macro snowflake__parse_time(value, form) -%}
    {%- set words = {
        '%Y': 'YYYY', '%y': 'YY', '%m': 'MM', '%d': 'DD', '%b': 'MON', '%H': 'HH24', '%I': 'HH12',
        '%M': 'MI', '%S': 'SS', '%f': 'FF6', '%p': 'AM', '%z': 'TZHTZM', 'T': '"T"',
    } -%}
    {%- if '%z' in form -%}
    {{ snowflake__utc_of("try_to_timestamp_tz(trim(" ~ value ~ "), '" ~ spelled_form(form, words) ~ "')") }}
    {%- else -%}
    try_to_timestamp_ntz(trim({{ value }}), '{{ spelled_form(form, words) }}')
    {%- endif -%}
{%- endmacro -%}

{#- A form in the words of strptime, in those of another engine. -#}
{%- macro spelled_form(form, words) -%}
    {%- set parts = [] -%}
    {%- for mark in modules.re.findall('%.|.', form) -%}{% do parts.append(words.get(mark, mark)) %}{%- endfor -%}
    {{- parts | join('') -}}
{%- endmacro -%}

{#- Its own try_cast takes text only. -#}
{%- macro snowflake__try_cast(expression, type) -%}
    try_cast(cast({{ expression }} as varchar) as {{ type }})
{%- endmacro -%}

{#- An array leaves nulls out when it collects them, so they are written as nulls of JSON. -#}
{%- macro snowflake__make_vector(expressions) -%}array_construct({{ expressions | join(', ') }}){%- endmacro -%}
{%- macro snowflake__collect_vector(value, position) -%}
    array_agg(coalesce(to_variant({{ value }}), parse_json('null'))) within group (order by {{ position }})
{%- endmacro -%}
{%- macro snowflake__map_positions(vector, expression, position) -%}
    transform(array_generate_range(1, array_size({{ vector }}) + 1), {{ position }} int -> {{ expression }})
{%- endmacro -%}
{%- macro snowflake__vector_length(vector) -%}array_size({{ vector }}){%- endmacro -%}
{%- macro snowflake__element(vector, position) -%}
    cast(get({{ vector }}, {{ position }} - 1) as double)
{%- endmacro -%}
{%- macro snowflake__text_element(vector, position) -%}
    cast(get({{ vector }}, {{ position }} - 1) as varchar)
{%- endmacro -%}
{%- macro snowflake__append_vector(vector, value) -%}array_append({{ vector }}, {{ value }}){%- endmacro -%}
{%- macro snowflake__sum_vector(vector) -%}
    reduce({{ vector }}, cast(0 as double), (total, x) -> total + cast(x as double))
{%- endmacro -%}
{%- macro snowflake__is_complete(vector) -%}
    (array_size(filter({{ vector }}, x -> cast(x as double) is null)) = 0)
{%- endmacro -%}

{%- macro snowflake__smallest_mode(column) -%}{{ no_window_mode(column) }}{%- endmacro -%}
{%- macro snowflake__last_known(column, partition, order) -%}
    last_value({{ column }}) ignore nulls over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}
{%- macro snowflake__value_at_share(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }})
{%- endmacro -%}

{#- Where the most frequent value of a window can't be had with its ties broken, a policy can't use it. -#}
{%- macro no_window_mode(column) -%}
    {{ exceptions.raise_compiler_error(
        "missing values of " ~ column ~ ": policy 'mode' is not available on " ~ target.type
        ~ ' (no mode over a window that breaks ties); take default, median or forward_fill'
    ) }}
{%- endmacro -%}
