{#- PostgreSQL. Words that it lacks are functions, which each run makes before it builds: prepare_warehouse. -#}

{#- text -#}
{%- macro postgres__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace('\\p{L}', '[:alpha:]') }}', '{{ replacement }}', 'g')
{%- endmacro -%}

{%- macro postgres__matches_pattern(text, pattern) -%}({{ text }} ~ {{ literal(pattern) }}){%- endmacro -%}

{%- macro postgres__join_text(value, condition) -%}{{ duckdb__join_text(value, condition) }}{%- endmacro -%}

{%- macro postgres__join_sorted(value) -%}{{ duckdb__join_sorted(value) }}{%- endmacro -%}

{%- macro postgres__strip_accents(text) -%}{{ duckdb__strip_accents(text) }}{%- endmacro -%}

{#- time -#}
{%- macro postgres__to_local_time(timestamp, zone) -%}{{ duckdb__to_local_time(timestamp, zone) }}{%- endmacro -%}

{%- macro postgres__to_utc_time(timestamp, zone) -%}{{ duckdb__to_utc_time(timestamp, zone) }}{%- endmacro -%}

{%- macro postgres__utc_of(moment) -%}{{ duckdb__utc_of(moment) }}{%- endmacro -%}

{%- macro postgres__is_weekend(date) -%}(extract(isodow from {{ date }}) >= 6){%- endmacro -%}

{%- macro postgres__parse_time(value, form) -%}
    {%- set words = {
        '%Y': ['YYYY', '[0-9]{4}'], '%y': ['YY', '[0-9]{2}'], '%m': ['MM', '[0-9]{1,2}'], '%d': ['DD', '[0-9]{1,2}'],
        '%b': ['Mon', '[A-Za-z]{3}'], '%H': ['HH24', '[0-9]{1,2}'], '%I': ['HH12', '[0-9]{1,2}'],
        '%M': ['MI', '[0-9]{1,2}'], '%S': ['SS', '[0-9]{1,2}'], '%f': ['US', '[0-9]{1,6}'], '%p': ['AM', '[AaPp][Mm]'],
        '%z': ['', '([+-][0-9]{2}(:?[0-9]{2})?)'],
    } -%}
    {%- set spelled = namespace(form=form | replace('T', '"T"'), pattern=form | replace('.', '[.]')) -%}
    {%- for ours, theirs in words.items() -%}
        {%- set spelled.form = spelled.form | replace(ours, theirs[0]) -%}
        {%- set spelled.pattern = spelled.pattern | replace(ours, theirs[1]) -%}
    {%- endfor -%}
    coterie_parse_time(
        trim({{ value }}), '{{ spelled.form | trim }}', '^{{ spelled.pattern }}$', {{ '%z' in form }}
    )
{%- endmacro -%}

{#- types -#}
{%- macro postgres__try_cast(expression, type) -%}
    {%- set word = (type | lower).split('(')[0] | trim -%}
    cast(
        coterie_try_{{ {'string': 'text', 'varchar': 'text', 'int': 'bigint', 'integer': 'bigint', 'decimal': 'numeric',
            'double': 'double', 'double precision': 'double', 'timestamp without time zone': 'timestamp'}.get(word, word) }}(
            cast({{ expression }} as text)
        ) as {{ type }}
    )
{%- endmacro -%}

{#- vectors: arrays; an expression of the position is a subquery over the positions -#}
{%- macro postgres__make_vector(expressions) -%}array[{{ expressions | join(', ') }}]{%- endmacro -%}

{%- macro postgres__collect_vector(value, position) -%}array_agg({{ value }} order by {{ position }}){%- endmacro -%}

{%- macro postgres__map_positions(vector, expression, position) -%}
    case
        when {{ vector }} is not null
            then array(
                select {{ expression }}
                from generate_series(1, cardinality({{ vector }})) as {{ position }}
                order by {{ position }}
            )
    end
{%- endmacro -%}

{%- macro postgres__vector_length(vector) -%}cardinality({{ vector }}){%- endmacro -%}

{%- macro postgres__element(vector, position, kind) -%}({{ vector }})[cast({{ position }} as integer)]{%- endmacro -%}

{%- macro postgres__append_vector(vector, value) -%}array_append({{ vector }}, {{ value }}){%- endmacro -%}

{%- macro postgres__sum_vector(vector) -%}
    (select sum(element) from unnest({{ vector }}) as element)
{%- endmacro -%}

{%- macro postgres__is_complete(vector) -%}(array_position({{ vector }}, null) is null){%- endmacro -%}

{#- windows and aggregates -#}
{%- macro postgres__smallest_mode(column) -%}coterie_smallest_mode({{ column }}){%- endmacro -%}

{%- macro postgres__last_known(column, partition, order) -%}
    coterie_last_known({{ column }}) over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}

{%- macro postgres__value_at_share(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }})
{%- endmacro -%}

{#- tables -#}
{%- macro postgres__replaces_rows() -%}{{ return(true) }}{%- endmacro -%}

{#-
  What dbt calls for each new table, seeds too, before anybody reads it: without its statistics the planner joins
  lines and orders row by row, for hours.
-#}
{%- macro postgres__create_indexes(relation) -%}
    {%- do dbt.default__create_indexes(relation) -%}
    {%- do run_query('analyze ' ~ relation) -%}
{%- endmacro -%}

{#-
  What the models say and PostgreSQL does not know, as functions of the target's schema. Rounding is that
  of the other engines: halves away from zero, and never through text.
-#}
{%- macro postgres__prepare_warehouse() -%}
    create schema if not exists {{ target.schema }};

    {#- The words for types that the YAML uses. #}
    {%- for name, type in {'string': 'text', 'double': 'double precision'}.items() %}
    do $body$
    begin
        if to_regtype('{{ target.schema }}.{{ name }}') is null then
            create domain {{ target.schema }}.{{ name }} as {{ type }};
        end if;
    end
    $body$;
    {%- endfor %}

    create or replace function strip_accents(value text) returns text
    language sql immutable strict parallel safe as $body$
        select regexp_replace(normalize(value, nfd), '[\u0300-\u036f]', '', 'g')
    $body$;

    create or replace function round(value double precision, decimals integer) returns double precision
    language sql immutable strict parallel safe as $body$
        select case
            when abs(value) * 10::double precision ^ decimals < 4503599627370496
                then sign(value) * (
                    floor(abs(value) * 10::double precision ^ decimals)
                    + case
                        when abs(value) * 10::double precision ^ decimals
                            - floor(abs(value) * 10::double precision ^ decimals) >= 0.5
                            then 1
                        else 0
                    end
                ) / 10::double precision ^ decimals
            else value
        end
    $body$;

    {%- for name, type in {
        'bigint': 'bigint', 'numeric': 'numeric', 'double': 'double precision', 'text': 'text', 'date': 'date',
        'timestamp': 'timestamp', 'boolean': 'boolean',
    }.items() %}
    create or replace function coterie_try_{{ name }}(value text) returns {{ type }}
    language plpgsql immutable strict parallel safe as $body$
    begin
        {%- if name in ['date', 'timestamp'] %}
        if value !~ '^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}' then return null; end if;
        {%- endif %}
        return cast({{ 'cast(value as numeric)' if name == 'bigint' else 'value' }} as {{ type }});
    exception when others then
        return null;
    end
    $body$;
    {%- endfor %}

    create or replace function coterie_parse_time(value text, form text, pattern text, has_offset boolean)
    returns timestamp
    language plpgsql stable strict parallel safe as $body$
    declare
        moment timestamp;
        zone text;
    begin
        if value !~ pattern then return null; end if;
        if not has_offset then return cast(to_timestamp(value, form) as timestamp); end if;
        zone := substring(value from '[+-][0-9]{2}:?[0-9]{0,2}$');
        moment := cast(to_timestamp(left(value, -length(zone)), form) as timestamp);
        return moment - cast(zone || case when length(zone) = 3 then ':00' else '' end as interval);
    exception when others then
        return null;
    end
    $body$;

    create or replace function coterie_median_of(element_list double precision[]) returns double precision
    language sql immutable parallel safe as $body$
        select percentile_cont(0.5) within group (order by element)
        from unnest(element_list) as element
    $body$;

    create or replace function coterie_mode_of(element_list anycompatiblearray) returns anycompatible
    language sql immutable parallel safe as $body$
        select element
        from unnest(element_list) as element
        where element is not null
        group by element
        order by count(*) desc, element
        limit 1
    $body$;

    create or replace function coterie_latter(one anyelement, other anyelement) returns anyelement
    language sql immutable parallel safe as $body$
        select coalesce(other, one)
    $body$;

    create or replace aggregate median(double precision) (
        sfunc = array_append, stype = double precision[], finalfunc = coterie_median_of
    );
    create or replace aggregate coterie_smallest_mode(anycompatible) (
        sfunc = array_append, stype = anycompatiblearray, finalfunc = coterie_mode_of
    );
    create or replace aggregate coterie_last_known(anyelement) (
        sfunc = coterie_latter, stype = anyelement
    );
{%- endmacro -%}
