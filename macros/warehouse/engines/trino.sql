{#- Trino. -#}
{%- macro trino__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro -%}
{%- macro trino__matches_pattern(text, pattern) -%}
    regexp_like({{ text }}, {{ literal(pattern) }})
{%- endmacro -%}

{%- macro trino__join_text(value, condition) -%}
    array_join(array_agg({{ value }} order by {{ value }}) filter (where {{ condition }}), ', ')
{%- endmacro -%}
{%- macro trino__join_sorted(value) -%}
    coalesce(array_join(array_agg({{ value }} order by {{ value }}), ''), '')
{%- endmacro -%}

{%- macro trino__to_local_time(timestamp, zone) -%}
    cast(at_timezone(with_timezone({{ timestamp }}, 'UTC'), '{{ zone }}') as timestamp)
{%- endmacro -%}
{%- macro trino__to_utc_time(timestamp, zone) -%}
    cast(at_timezone(with_timezone({{ timestamp }}, '{{ zone }}'), 'UTC') as timestamp)
{%- endmacro -%}
{%- macro trino__utc_of(moment) -%}cast(at_timezone({{ moment }}, 'UTC') as timestamp){%- endmacro -%}
{%- macro trino__is_weekend(date) -%}(day_of_week({{ date }}) >= 6){%- endmacro -%}
{%- macro trino__parse_time(value, form) -%}
    {%- set words = {
        '%Y': 'yyyy', '%y': 'yy', '%m': 'M', '%d': 'd', '%b': 'MMM', '%H': 'H', '%I': 'h', '%M': 'm',
        '%S': 's', '%f': 'SSSSSS', '%p': 'a', '%z': 'Z', 'T': "''T''",
    } -%}
    {%- set moment = "try(parse_datetime(trim(" ~ value ~ "), '" ~ spelled_form(form, words) ~ "'))" -%}
    {{ trino__utc_of(moment) if '%z' in form else 'cast(' ~ moment ~ ' as timestamp)' }}
{%- endmacro -%}

{%- macro trino__make_vector(expressions) -%}array[{{ expressions | join(', ') }}]{%- endmacro -%}
{%- macro trino__collect_vector(value, position) -%}
    array_agg({{ value }} order by {{ position }})
{%- endmacro -%}
{%- macro trino__map_positions(vector, expression, position) -%}
    transform(sequence(1, cardinality({{ vector }})), {{ position }} -> {{ expression }})
{%- endmacro -%}
{%- macro trino__vector_length(vector) -%}cardinality({{ vector }}){%- endmacro -%}
{%- macro trino__element(vector, position) -%}
    element_at({{ vector }}, cast({{ position }} as int))
{%- endmacro -%}
{%- macro trino__append_vector(vector, value) -%}({{ vector }} || array[{{ value }}]){%- endmacro -%}
{%- macro trino__sum_vector(vector) -%}
    reduce({{ vector }}, cast(0 as double), (total, x) -> total + x, total -> total)
{%- endmacro -%}
{%- macro trino__is_complete(vector) -%}none_match({{ vector }}, x -> x is null){%- endmacro -%}

{%- macro trino__smallest_mode(column) -%}{{ no_window_mode(column) }}{%- endmacro -%}
{%- macro trino__last_known(column, partition, order) -%}
    last_value({{ column }}) ignore nulls over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}

{#- Its percentiles are approximate: the exact ones are read off the sorted values, nulls behind them. -#}
{%- macro trino__value_at_share(value, share, over='') -%}
    {%- set sorted = 'array_sort(array_agg(' ~ value ~ ')' ~ over ~ ')' -%}
    {%- set place = '(' ~ share ~ ' * (count(' ~ value ~ ')' ~ over ~ ' - 1))' -%}
    {%- set low = 'element_at(' ~ sorted ~ ', cast(floor(' ~ place ~ ') as int) + 1)' -%}
    {%- set high = 'element_at(' ~ sorted ~ ', cast(ceil(' ~ place ~ ') as int) + 1)' -%}
    case
        when count({{ value }}){{ over }} > 0
            then {{ low }} + ({{ place }} - floor({{ place }})) * ({{ high }} - {{ low }})
    end
{%- endmacro -%}
{%- macro trino__middle(value) -%}{{ trino__value_at_share(value, '0.5e0') }}{%- endmacro -%}
{%- macro trino__middle_over(value, window) -%}
    {{ trino__value_at_share(value, '0.5e0', ' over (' ~ window ~ ')') }}
{%- endmacro -%}
