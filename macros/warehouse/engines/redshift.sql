{#-
  Redshift. Its adapter falls back on PostgreSQL's words, so each macro is said again here. Vectors are arrays
  of type SUPER: an expression of the position is a subquery over the places of the array.
-#}
{%- macro redshift__type_double() -%}double precision{%- endmacro -%}
{%- macro redshift__try_cast(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro -%}

{%- macro redshift__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ posix_pattern(pattern) }}', '{{ replacement }}')
{%- endmacro -%}
{%- macro redshift__matches_pattern(text, pattern) -%}
    (regexp_instr({{ text }}, {{ literal(posix_pattern(pattern)) }}) > 0)
{%- endmacro -%}
{%- macro redshift__strip_accents(text) -%}{{ default__strip_accents(text) }}{%- endmacro -%}

{%- macro redshift__join_text(value, condition) -%}
    listagg(case when {{ condition }} then {{ value }} end, ', ') within group (order by {{ value }})
{%- endmacro -%}
{%- macro redshift__join_sorted(value) -%}
    coalesce(listagg({{ value }}, '') within group (order by {{ value }}), '')
{%- endmacro -%}

{%- macro redshift__to_local_time(timestamp, zone) -%}
    convert_timezone('UTC', '{{ zone }}', {{ timestamp }})
{%- endmacro -%}
{%- macro redshift__to_utc_time(timestamp, zone) -%}
    convert_timezone('{{ zone }}', 'UTC', {{ timestamp }})
{%- endmacro -%}
{%- macro redshift__utc_of(moment) -%}({{ moment }} at time zone 'UTC'){%- endmacro -%}
{%- macro redshift__is_weekend(date) -%}(extract(dow from {{ date }}) in (0, 6)){%- endmacro -%}
{%- macro redshift__parse_time(value, form) -%}
    {%- set words = {
        '%Y': ['YYYY', '[0-9]{4}'], '%y': ['YY', '[0-9]{2}'], '%m': ['MM', '[0-9]{1,2}'],
        '%d': ['DD', '[0-9]{1,2}'], '%b': ['Mon', '[A-Za-z]{3}'], '%H': ['HH24', '[0-9]{1,2}'],
        '%I': ['HH12', '[0-9]{1,2}'], '%M': ['MI', '[0-9]{1,2}'], '%S': ['SS', '[0-9]{1,2}'],
        '%f': ['US', '[0-9]{1,6}'], '%p': ['AM', '[AaPp][Mm]'], '%z': ['OF', '[+-][0-9]{2}:?[0-9]{0,2}'],
        'T': ['"T"', 'T'], '.': ['.', '[.]'],
    } -%}
    {%- set forms, patterns = {}, {} -%}
    {%- for ours, theirs in words.items() -%}
        {%- do forms.update({ours: theirs[0]}) -%}{%- do patterns.update({ours: theirs[1]}) -%}
    {%- endfor -%}
    case
        when regexp_instr(trim({{ value }}), '^{{ spelled_form(form, patterns) }}$') > 0
            then to_timestamp(trim({{ value }}), '{{ spelled_form(form, forms) }}') at time zone 'UTC'
    end
{%- endmacro -%}

{%- macro redshift__make_vector(expressions) -%}array({{ expressions | join(', ') }}){%- endmacro -%}
{%- macro redshift__collect_vector(value, position) -%}
    json_parse(
        '[' || listagg(coalesce(json_serialize(cast({{ value }} as super)), 'null'), ',')
        within group (order by {{ position }}) || ']'
    )
{%- endmacro -%}
{%- macro redshift__map_positions(vector, expression, position) -%}
    (
        select
            json_parse(
                '[' || listagg(coalesce(json_serialize(cast({{ expression }} as super)), 'null'), ',')
                within group (order by {{ position }}) || ']'
            )
        from (
            select {{ position }}_place + 1 as {{ position }}
            from {{ vector }} as {{ position }}_item at {{ position }}_place
        ) as {{ position }}_places
    )
{%- endmacro -%}
{%- macro redshift__vector_length(vector) -%}get_array_length({{ vector }}){%- endmacro -%}
{%- macro redshift__element(vector, position) -%}
    cast(subarray({{ vector }}, cast({{ position }} as int) - 1, 1)[0] as double precision)
{%- endmacro -%}
{%- macro redshift__text_element(vector, position) -%}
    cast(subarray({{ vector }}, cast({{ position }} as int) - 1, 1)[0] as varchar)
{%- endmacro -%}
{%- macro redshift__append_vector(vector, value) -%}
    array_concat({{ vector }}, array({{ value }}))
{%- endmacro -%}
{%- macro redshift__sum_vector(vector) -%}
    (select coalesce(sum(cast(item as double precision)), 0) from {{ vector }} as item)
{%- endmacro -%}
{%- macro redshift__is_complete(vector) -%}
    ((select count(*) from {{ vector }} as item where item is null) = 0)
{%- endmacro -%}

{%- macro redshift__smallest_mode(column) -%}{{ no_window_mode(column) }}{%- endmacro -%}
{%- macro redshift__last_known(column, partition, order) -%}
    last_value({{ column }} ignore nulls) over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}
{%- macro redshift__value_at_share(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }})
{%- endmacro -%}
{%- macro redshift__middle(value) -%}median({{ value }}){%- endmacro -%}
{%- macro redshift__middle_over(value, window) -%}median({{ value }}) over ({{ window }}){%- endmacro -%}

{#- It has no corr: the same from sums, of the rows where both are known. -#}
{%- macro redshift__correlation(x, y) -%}{{ correlation_by_sums(x, y) }}{%- endmacro -%}
{%- macro correlation_by_sums(x, y) -%}
    {%- set both = x ~ ' is not null and ' ~ y ~ ' is not null' -%}
    {%- set n = 'count(case when ' ~ both ~ ' then 1 end)' -%}
    {%- set a = 'case when ' ~ both ~ ' then ' ~ double(x) ~ ' end' -%}
    {%- set b = 'case when ' ~ both ~ ' then ' ~ double(y) ~ ' end' -%}
    ({{ n }} * sum({{ a }} * {{ b }}) - sum({{ a }}) * sum({{ b }}))
    / nullif(
        sqrt({{ n }} * sum({{ a }} * {{ a }}) - sum({{ a }}) * sum({{ a }}))
        * sqrt({{ n }} * sum({{ b }} * {{ b }}) - sum({{ b }}) * sum({{ b }})), 0
    )
{%- endmacro -%}
