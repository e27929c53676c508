{#-
  BigQuery. A stored array may hold no null, so the vectors are arrays of one-field structs. A moment in UTC
  is a timestamp; a wall clock is a datetime.
-#}
{%- macro bigquery__type_double() -%}float64{%- endmacro -%}
{%- macro bigquery__try_cast(expression, type) -%}safe_cast({{ expression }} as {{ type }}){%- endmacro -%}

{%- macro bigquery__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', '{{ replacement }}')
{%- endmacro -%}
{%- macro bigquery__matches_pattern(text, pattern) -%}
    regexp_contains({{ text }}, r{{ literal(pattern) }})
{%- endmacro -%}

{%- macro bigquery__join_text(value, condition) -%}
    string_agg(case when {{ condition }} then {{ value }} end, ', ' order by {{ value }})
{%- endmacro -%}
{%- macro bigquery__join_sorted(value) -%}
    coalesce(string_agg({{ value }}, '' order by {{ value }}), '')
{%- endmacro -%}

{%- macro bigquery__to_local_time(timestamp, zone) -%}datetime({{ timestamp }}, '{{ zone }}'){%- endmacro -%}
{%- macro bigquery__to_utc_time(timestamp, zone) -%}
    timestamp(cast({{ timestamp }} as datetime), '{{ zone }}')
{%- endmacro -%}
{%- macro bigquery__utc_of(moment) -%}cast({{ moment }} as timestamp){%- endmacro -%}
{%- macro bigquery__is_weekend(date) -%}(extract(dayofweek from {{ date }}) in (1, 7)){%- endmacro -%}
{%- macro bigquery__parse_time(value, form) -%}
    safe.parse_timestamp('{{ form | replace('%S.%f', '%E*S') }}', trim({{ value }}))
{%- endmacro -%}

{%- macro bigquery__make_vector(expressions) -%}
    [{% for expression in expressions -%}
        struct(cast({{ expression }} as float64) as v){{ ', ' if not loop.last }}
    {%- endfor %}]
{%- endmacro -%}
{%- macro bigquery__make_text_vector(expressions) -%}
    [{% for expression in expressions -%}
        struct({{ expression }} as v){{ ', ' if not loop.last }}
    {%- endfor %}]
{%- endmacro -%}
{%- macro bigquery__collect_vector(value, position) -%}
    array_agg(struct({{ value }} as v) order by {{ position }})
{%- endmacro -%}
{%- macro bigquery__map_positions(vector, expression, position) -%}
    array(
        select struct({{ expression }} as v)
        from unnest(generate_array(1, array_length({{ vector }}))) as {{ position }}
        order by {{ position }}
    )
{%- endmacro -%}
{%- macro bigquery__vector_length(vector) -%}array_length({{ vector }}){%- endmacro -%}
{%- macro bigquery__element(vector, position) -%}
    {{ vector }}[safe_ordinal(cast({{ position }} as int64))].v
{%- endmacro -%}
{%- macro bigquery__append_vector(vector, value) -%}
    array_concat({{ vector }}, [struct({{ value }} as v)])
{%- endmacro -%}
{%- macro bigquery__sum_vector(vector) -%}
    (select coalesce(sum(item.v), 0) from unnest({{ vector }}) as item)
{%- endmacro -%}
{%- macro bigquery__is_complete(vector) -%}
    (not exists (select item.v from unnest({{ vector }}) as item where item.v is null))
{%- endmacro -%}

{%- macro bigquery__smallest_mode(column) -%}{{ no_window_mode(column) }}{%- endmacro -%}
{%- macro bigquery__last_known(column, partition, order) -%}
    last_value({{ column }} ignore nulls) over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}

{#- Its quantiles of a group are approximate: the exact ones are read off the sorted values. -#}
{%- macro bigquery__value_at_share(value, share) -%}
    {%- set sorted = 'array_agg(' ~ value ~ ' ignore nulls order by ' ~ value ~ ')' -%}
    {%- set place = '(' ~ share ~ ' * (count(' ~ value ~ ') - 1))' -%}
    {%- set low = sorted ~ '[safe_offset(cast(floor(' ~ place ~ ') as int64))]' -%}
    {%- set high = sorted ~ '[safe_offset(cast(ceil(' ~ place ~ ') as int64))]' -%}
    ({{ low }} + ({{ place }} - floor({{ place }})) * ({{ high }} - {{ low }}))
{%- endmacro -%}
{%- macro bigquery__middle(value) -%}{{ bigquery__value_at_share(value, 0.5) }}{%- endmacro -%}
{%- macro bigquery__middle_over(value, window) -%}
    percentile_cont({{ value }}, 0.5) over ({{ window }})
{%- endmacro -%}
