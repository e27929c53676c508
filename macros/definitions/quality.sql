{#-
  The rows of a seed that decides what SQL is written, as dictionaries. None while dbt parses, or when
  nothing is built yet and nothing will be run (dbt compile, dbt docs).
-#}
{%- macro seed_rows(name, relation) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- if load_relation(relation) is not none -%}
            {%- for row in run_query('select * from ' ~ relation ~ ' order by 1, 2').rows -%}
                {%- do found.append(row.dict()) -%}
            {%- endfor -%}
        {%- elif flags.WHICH in ['build', 'run'] -%}
            {{ exceptions.raise_compiler_error('seed ' ~ name ~ ' is not built: run dbt seed, or a plain dbt build') }}
        {%- endif -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}

{#- entity -> attribute -> its type, and whether a policy may fill it; {} while dbt parses. -#}
{%- macro places_of(entities) -%}
    {%- set places = {} -%}
    {%- if execute -%}
        {%- for entity in entities -%}
            {%- set columns = graph.nodes['model.' ~ model.package_name ~ '.input_' ~ entity].columns -%}
            {%- set place = {} -%}
            {%- for name in contract_columns(entity) -%}
                {%- do place.update({name: {
                    'data_type': columns[name].data_type,
                    'is_fillable': name ~ '_was_imputed' in columns,
                }}) -%}
            {%- endfor -%}
            {%- do places.update({entity: place}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(places) }}
{%- endmacro -%}

{%- macro quality_kinds() -%}
    {{ return([
        'completeness', 'uniqueness', 'validity', 'range', 'outlier_iqr', 'outlier_robust_z',
        'referential', 'volume', 'freshness',
    ]) }}
{%- endmacro -%}

{#- The rules of seed quality_rules, checked; a rule that says what nobody understands stops the build. -#}
{%- macro quality_rules() -%}
    {%- set rows = seed_rows('quality_rules', ref('quality_rules')) -%}
    {%- set places = places_of(input_entities()) -%}
    {%- set faults = [] -%}
    {%- for rule in rows -%}
        {%- set fault = quality_rule_fault(rule, places) -%}
        {%- if fault -%}
            {%- do faults.append('rule ' ~ rule.rule ~ ': ' ~ fault) -%}
        {%- else -%}
            {%- do rule.update({'given': given_value(rule.entity, rule.attribute) if rule.attribute else none}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if faults -%}
        {{ exceptions.raise_compiler_error('seeds/quality_rules.csv cannot be followed:\n  ' ~ faults | join('\n  ')) }}
    {%- endif -%}
    {{ return(rows) }}
{%- endmacro -%}

{%- macro quality_rule_fault(rule, places) -%}
    {%- set place = places.get(rule.entity, {}) -%}
    {%- set kind = kind_of_type(place[rule.attribute].data_type) if rule.attribute in place else none -%}
    {%- set is_outlier = (rule.kind or '').startswith('outlier_') -%}
    {%- set target = (rule.parameter or '').split('.') -%}
    {%- if rule.kind not in quality_kinds() -%}
        {{ return("kind '" ~ rule.kind ~ "' is unknown; allowed are " ~ quality_kinds() | join(', ')) }}
    {%- elif rule.entity not in places -%}
        {{ return("entity '" ~ rule.entity ~ "' is unknown; allowed are " ~ places | join(', ')) }}
    {%- elif rule.attribute not in place and not (rule.kind == 'volume' and not rule.attribute) -%}
        {{ return("attribute '" ~ rule.attribute ~ "' is unknown; " ~ rule.entity ~ ' has ' ~ place | join(', ')) }}
    {%- elif rule.on_breach not in ['warn', 'fail'] -%}
        {{ return("on_breach '" ~ rule.on_breach ~ "' is unknown; allowed are warn, fail") }}
    {%- elif rule.action not in ['show', 'quarantine'] -%}
        {{ return("action '" ~ rule.action ~ "' is unknown; allowed are show, quarantine") }}
    {%- elif rule.action == 'quarantine' and not (
        (is_outlier or rule.kind == 'range')
        and rule.entity in ['customers', 'orders', 'order_lines', 'products']) -%}
        {{ return('only a range or outliers of customers, orders, order_lines or products can be quarantined') }}
    {%- elif (is_outlier and kind != 'number') or (rule.kind == 'range' and kind != 'number') -%}
        {{ return(rule.kind ~ ' is for numbers, and ' ~ rule.attribute ~ ' is ' ~ place[rule.attribute].data_type) }}
    {%- elif rule.kind == 'freshness' and kind != 'moment' -%}
        {{ return('freshness is for dates, and ' ~ rule.attribute ~ ' is ' ~ place[rule.attribute].data_type) }}
    {%- elif rule.kind == 'validity' and not rule.parameter -%}
        {{ return('validity needs a parameter: a regular expression that opens with ^, or values between |') }}
    {%- elif is_outlier and not (rule.parameter or '').replace('.', '', 1).isdigit() -%}
        {{ return('its parameter must be a number: how many spreads from the middle are too far') }}
    {%- elif rule.kind == 'referential' and (
        target[0] not in places or (target[1] if target | length > 1 else rule.attribute) not in places[target[0]]) -%}
        {{ return("parameter '" ~ rule.parameter ~ "' must be an entity that has the attribute, or entity.attribute") }}
    {%- elif rule.kind == 'volume' and rule.parameter not in ['rows', 'month'] -%}
        {{ return("parameter '" ~ rule.parameter ~ "' is unknown; allowed are rows, month") }}
    {%- elif rule.kind == 'volume' and rule.parameter == 'month' and kind != 'moment' -%}
        {{ return('volume by month needs an attribute that is a date') }}
    {%- elif rule.minimum is none and rule.maximum is none -%}
        {{ return('it has neither minimum nor maximum: nothing could break it') }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro -%}

{#- The rules whose breaches are set aside, not only shown. -#}
{%- macro quarantining_rules(entity) -%}
    {%- set found = [] -%}
    {%- for rule in quality_rules() if rule.entity == entity and rule.action == 'quarantine' -%}
        {%- do found.append(rule) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro -%}

{#-
  Per source the lowest and the highest plausible value. range: as the rule says. outlier_iqr: k times
  the distance of the quartiles beyond them (Tukey). outlier_robust_z: the median plus and minus k times
  1.4826 times the median distance from it (Iglewicz and Hoaglin). Null, so that nothing is judged,
  where that distance is 0.
-#}
{%- macro fences(rule, relation, value) -%}
    {%- set x = double(value) -%}
    {%- set sources = '' if rule.source == '*' else ' where source = ' ~ literal(rule.source) -%}
    {%- set counted -%}
        select source, {{ x }} as x, count(*) as copies from {{ relation }}{{ sources }} group by source, {{ x }}
    {%- endset -%}
    {%- if rule.kind == 'range' -%}
        {%- for one in var('sources') if rule.source in ['*', one] %}
        {{ 'union all' if not loop.first }}
        select
            {{ literal(one) }} as fenced_source,
            {{ double(rule.minimum if rule.minimum is not none else 'null') }} as low,
            {{ double(rule.maximum if rule.maximum is not none else 'null') }} as high
        {%- endfor %}
    {%- elif rule.kind == 'outlier_iqr' -%}
        select
            source as fenced_source,
            lower_quartile - {{ rule.parameter }} * nullif(upper_quartile - lower_quartile, 0) as low,
            upper_quartile + {{ rule.parameter }} * nullif(upper_quartile - lower_quartile, 0) as high
        from ({{ values_at_shares(counted, {'lower_quartile': 0.25, 'upper_quartile': 0.75}) }}) as quartiles
    {%- else -%}
        {%- set centre = values_at_shares(counted, {'middle': 0.5}) -%}
        {%- set distances -%}
            select counted.source, abs(counted.x - centred.middle) as x, sum(counted.copies) as copies
            from ({{ counted }}) as counted
            inner join ({{ centre }}) as centred on counted.source = centred.source
            group by counted.source, abs(counted.x - centred.middle)
        {%- endset -%}
        select
            centred.source as fenced_source,
            middle - {{ rule.parameter }} * 1.4826 * nullif(distance, 0) as low,
            middle + {{ rule.parameter }} * 1.4826 * nullif(distance, 0) as high
        from ({{ centre }}) as centred
        inner join ({{ values_at_shares(distances, {'distance': 0.5}) }}) as spread on centred.source = spread.source
    {%- endif -%}
{%- endmacro -%}

{#-
  Per source the values below which these shares of all values lie, interpolated between neighbours, of a
  query of values and how often each occurs: of many millions of amounts only the different ones are kept.
-#}
{%- macro values_at_shares(counted, shares) -%}
    select
        source
        {%- for name, share in shares.items() %}
        {%- set place = '(' ~ double(share) ~ ' * ' ~ double('copy_count - 1') ~ ')' -%}
        {%- set below = 'min(case when copies_so_far > ' ~ place ~ ' then x end)' -%}
        {%- set above = 'min(case when copies_so_far - 1 >= ' ~ place ~ ' then x end)' %},
        {{ below }} + ({{ above }} - {{ below }}) * max({{ place }} - floor({{ place }})) as {{ name }}
        {%- endfor %}
    from (
        select
            source,
            x,
            sum(copies) over (partition by source) as copy_count,
            sum(copies) over (partition by source order by x rows between unbounded preceding and current row)
                as copies_so_far
        from ({{ counted }}) as counted
        where x is not null
    ) as ranked
    group by source
{%- endmacro -%}

{#- What a rule measures on the rows that a source gave: row_count, breach_count and value. -#}
{%- macro measured_rule(rule, source) -%}
    {%- set judged = ref('int_' ~ rule.entity ~ '__judged') -%}
    {%- set mine = judged ~ ' as given where given.source = ' ~ literal(source) -%}
    {%- set x = rule.given -%}
    {%- if rule.kind == 'completeness' -%}
        {{ breaches_counted('count(*)', 'count(*) - count(' ~ x ~ ')', 'kept') }} from {{ mine }}
    {%- elif rule.kind == 'uniqueness' -%}
        {{ breaches_counted(
            'cast(coalesce(sum(copies), 0) as bigint)', 'cast(coalesce(sum(copies - 1), 0) as bigint)', 'kept'
        ) }}
        from (select count(*) as copies from {{ mine }} and {{ x }} is not null group by {{ x }}) as counted
    {%- elif rule.kind == 'validity' -%}
        {%- set words = [] -%}
        {%- for word in rule.parameter.split('|') %}{% do words.append(literal(word)) %}{% endfor -%}
        {%- set is_valid = matches_pattern(x, rule.parameter) if rule.parameter.startswith('^')
            else x ~ ' in (' ~ words | join(', ') ~ ')' -%}
        {{ breaches_counted('count(' ~ x ~ ')', 'count(case when not ' ~ is_valid ~ ' then 1 end)', 'kept') }} from {{ mine }}
    {%- elif rule.kind in ['range', 'outlier_iqr', 'outlier_robust_z'] -%}
        {{ breaches_counted(
            'count(case when low is not null or high is not null then ' ~ x ~ ' end)',
            'count(case when ' ~ x ~ ' < low or ' ~ x ~ ' > high then 1 end)',
            'kept' if rule.kind == 'range' else 'broken'
        ) }}
        from {{ judged }} as given
        left join ({{ fences(rule, judged, x) }}) as fenced on given.source = fenced.fenced_source
        where given.source = {{ literal(source) }}
    {%- elif rule.kind == 'referential' -%}
        {%- set parent = rule.parameter.split('.') -%}
        {%- set key = parent[1] if parent | length > 1 else rule.attribute -%}
        {{ breaches_counted('count(' ~ x ~ ')', 'count(' ~ x ~ ') - count(parent.key)', 'kept') }}
        from {{ judged }} as given
        left join (
            select distinct {{ key }} as key
            from {{ ref('int_' ~ parent[0] ~ '__judged') }}
            where source = {{ literal(source) }}
        ) as parent
            on {{ x }} = parent.key
        where given.source = {{ literal(source) }}
    {%- elif rule.kind == 'volume' and rule.parameter == 'rows' -%}
        count(*) as row_count, cast(0 as bigint) as breach_count, {{ double('count(*)') }} as value from {{ mine }}
    {%- elif rule.kind == 'volume' -%}
        cast(sum(month_count) as bigint) as row_count,
        cast(0 as bigint) as breach_count,
        max(case when month = last_month then month_count end) / nullif({{ middle(double('month_count')) }}, 0) as value
        from (
            select month, count(*) as month_count, max(month) over () as last_month
            from (
                select cast({{ dbt.date_trunc('month', x) }} as date) as month from {{ mine }}
            ) as moments
            where month < (
                select cast({{ dbt.date_trunc('month', 'max(as_of_date)') }} as date) from {{ ref('int_source_events__dated') }}
            )
            group by month
        ) as months
    {%- else -%}
        count({{ x }}) as row_count,
        cast(0 as bigint) as breach_count,
        {{ double('min(' ~ days_between('cast(' ~ x ~ ' as date)', 'as_of_date') ~ ')') }} as value
        from {{ judged }} as given
        cross join (select max(as_of_date) as as_of_date from {{ ref('int_source_events__dated') }}) as dates
        where given.source = {{ literal(source) }} and cast({{ x }} as date) < as_of_date
    {%- endif -%}
{%- endmacro -%}

{#- Rows, those that break a rule, and the share that keeps it or breaks it. -#}
{%- macro breaches_counted(rows, breaches, share) -%}
    {{ rows }} as row_count,
    {{ breaches }} as breach_count,
    {{ '1 - ' if share == 'kept' }}{{ ratio(breaches, rows) }} as value
{%- endmacro -%}

{#- What the value of a rule is held against: of a range the least share within it, 1 unless it says so. -#}
{%- macro lowest_value(rule) -%}
    {%- set bound = (rule.parameter or 1) if rule.kind == 'range' else rule.minimum -%}
    {{ double(bound if bound is not none else 'null') }}
{%- endmacro -%}

{%- macro highest_value(rule) -%}
    {{ double(rule.maximum if rule.maximum is not none and rule.kind != 'range' else 'null') }}
{%- endmacro -%}

{#-
  Every rule on every source that it names, one select below the other. '*' is every source that has the
  entity; a source or an entity that is not there gives a row that says so.
-#}
{%- macro quality_measured() -%}
    {%- for entity in input_entities() %}{% do ref('int_' ~ entity ~ '__judged') %}{% endfor -%}
    {%- do ref('int_source_events__dated') -%}
    {%- set parts = [] -%}
    {%- for rule in quality_rules() -%}
        {%- set having = [] -%}
        {%- for source in var('sources') if rule.source in ['*', source] and rule.entity in entities_of(source) -%}
            {%- do having.append(source) -%}
        {%- endfor -%}
        {%- for source in having or [rule.source] -%}
            {%- set named -%}
                select
                    {{ literal(rule.rule) }} as rule,
                    {{ literal(source) }} as source,
                    {{ 'true' if having else 'false' }} as is_available,
                    {{ lowest_value(rule) }} as lowest_value,
                    {{ highest_value(rule) }} as highest_value,
            {%- endset -%}
            {%- do parts.append(named ~ '\n' ~ (measured_rule(rule, source) if having else nothing_measured())) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not parts -%}
        {%- set text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
        {%- do parts.append(
            'select ' ~ text ~ ' as rule, ' ~ text ~ ' as source, false as is_available, ' ~ double('null')
            ~ ' as lowest_value, ' ~ double('null') ~ ' as highest_value, ' ~ nothing_measured() ~ ' where 1 = 0'
        ) -%}
    {%- endif -%}
    {{ return(parts | join('\nunion all\n')) }}
{%- endmacro -%}

{%- macro nothing_measured() -%}
    cast(null as bigint) as row_count, cast(null as bigint) as breach_count, {{ double('null') }} as value
{%- endmacro -%}

{#- One line for each rule that stops the build: where, what, how much, whose. -#}
{%- macro broken_rule_lines(quality_rule_results) -%}
    {%- set lines = [] -%}
    {%- set query -%}
        select source, entity, attribute, rule, round(value, 4) as value, minimum, maximum, row_count, breach_count, message, owner
        from {{ quality_rule_results }}
        where status = 'fail'
        order by source, entity, attribute, rule
    {%- endset -%}
    {%- for row in run_query(query).rows -%}
        {%- do lines.append(
            'RULE BROKEN ' ~ row['source'] ~ ', ' ~ row['entity'] ~ '.' ~ row['attribute'] ~ ': ' ~ row['rule'] ~ ' '
            ~ row['message'] ~ ' (value ' ~ row['value']
            ~ (', minimum ' ~ row['minimum'] if row['minimum'] is not none)
            ~ (', maximum ' ~ row['maximum'] if row['maximum'] is not none)
            ~ ', ' ~ row['breach_count'] ~ ' of ' ~ row['row_count'] ~ ' rows). Owner: ' ~ row['owner']
        ) -%}
    {%- endfor -%}
    {%- if lines -%}
        {%- do lines.append('Mend the source, or change the rule in seeds/quality_rules.csv, with a reason.') -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro -%}
