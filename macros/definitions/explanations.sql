{#- A quarter of all customers, by their md5: the readable rules are learned without them. -#}
{%- macro is_held_out(customer_id) -%}
    substring({{ dbt.hash(customer_id) }}, 1, 1) in ('0', '1', '2', '3')
{%- endmacro -%}

{#-
  Whether a customer's features, as a vector, lie above each low and at most at each high of a rule; a
  missing value does not. The same as rule_sql says.
-#}
{%- macro is_within_bounds(features, rule) -%}
    {%- set x = element(features, element(rule ~ '.positions', 'i')) -%}
    {%- set outside -%}
        case
            when
                {{ x }} > {{ element(rule ~ '.lows', 'i') }}
                and {{ x }} <= {{ element(rule ~ '.highs', 'i') }}
                then 0e0
            else 1e0
        end
    {%- endset -%}
    {{ sum_vector(map_positions(rule ~ '.positions', outside)) }} = 0
{%- endmacro -%}

{#- The full precision of a component, its root transposed times its root, row by row; null without one. -#}
{%- macro precision_matrix(component) -%}
    {%- set roots, means = component ~ '.roots', component ~ '.means' -%}
    {%- set width = vector_length(means) -%}
    {%- set row = 'floor((i - 1) / ' ~ width ~ ')' -%}
    {%- set at_row = '(j - 1) * ' ~ width ~ ' + ' ~ row ~ ' + 1' -%}
    {%- set at_column = '(j - 1) * ' ~ width ~ ' + i - ' ~ width ~ ' * ' ~ row -%}
    {%- set product -%}
        {{ element(roots, whole(at_row)) }} * {{ element(roots, whole(at_column)) }}
    {%- endset -%}
    {{ map_positions(roots, sum_vector(map_positions(means, product, 'j'))) }}
{%- endmacro -%}

{%- macro whole(expression) -%}cast({{ expression }} as int){%- endmacro -%}

{#-
  What each feature takes from the score of a component, as coterie.contributions states it: a vector
  that sums to offset less score. `component` has means, precisions, lows, highs, outside, kind and
  matrices (precision_matrix).
-#}
{%- macro component_losses(z, component) -%}
    {%- set x, mean = element(z, 'i'), element(component ~ '.means', 'i') -%}
    {%- set precision = element(component ~ '.precisions', 'i') -%}
    {%- set apart = '(' ~ x ~ ' - ' ~ mean ~ ')' -%}
    {%- set other = '(' ~ element(z, 'j') ~ ' - ' ~ element(component ~ '.means', 'j') ~ ')' -%}
    {%- set place = '(i - 1) * ' ~ vector_length(component ~ '.means') ~ ' + j' -%}
    {%- set turned -%}
        {{ sum_vector(map_positions(z, element(component ~ '.matrices', place) ~ ' * ' ~ other, 'j')) }}
    {%- endset -%}
    case {{ component }}.kind
        when 'point' then {{ map_positions(z, '0.5 * ' ~ precision ~ ' * ' ~ apart ~ ' * ' ~ apart) }}
        when 'full' then {{ map_positions(z, '0.5 * ' ~ apart ~ ' * ' ~ turned) }}
        else {{ map_positions(z, box_loss(z, component, precision)) }}
    end
{%- endmacro -%}

{%- macro box_gap(z, component, position) -%}
    greatest(
        {{ element(component ~ '.lows', position) }} - {{ element(z, position) }},
        {{ element(z, position) }} - {{ element(component ~ '.highs', position) }},
        0
    )
{%- endmacro -%}

{%- macro box_loss(z, component, precision) -%}
    {%- set gap = box_gap(z, component, 'i') -%}
    {%- set is_out -%}case when {{ box_gap(z, component, 'j') }} > 0 then 1e0 else 0e0 end{%- endset -%}
    0.5 * {{ precision }} * pow({{ gap }}, 2)
    + case
        when {{ gap }} > 0
            then {{ component }}.outside / {{ sum_vector(map_positions(z, is_out, 'j')) }}
        else 0
    end
{%- endmacro -%}

{#- A vector less another, each element rounded to 9 decimals. -#}
{%- macro vector_difference(one, other) -%}
    {{ map_positions(one, 'round(' ~ element(one, 'i') ~ ' - ' ~ element(other, 'i') ~ ', 9)') }}
{%- endmacro -%}

{%- macro decimal_text(expression, decimals) -%}
    {#- Rounded as a whole number: engines differ in what they round 18.025 to. -#}
    {%- set power = '1' ~ ('0' * decimals) -%}
    cast(
        cast(round(({{ expression }}) * {{ power }}, 0) / {{ power }} as decimal(38, {{ decimals }}))
        as {{ dbt.type_string() }}
    )
{%- endmacro -%}

{#- The sign of the reporting currency, as coterie.formats writes it. -#}
{%- macro currency_sign() -%}
    {%- set currency = var('reporting_currency') -%}
    {{ {'USD': '$', 'EUR': '€', 'GBP': '£'}.get(currency, currency ~ ' ') }}
{%- endmacro -%}

{#- A value with its unit for a sentence: $1234.50, 12.5%, 3.0 days. -#}
{%- macro readable_value(value, unit) -%}
    case
        when {{ unit }} in ('cents', 'cents_per_month')
            then '{{ currency_sign() }}' || {{ decimal_text(double(value) ~ ' / 100', 2) }}
                || case when {{ unit }} = 'cents_per_month' then ' a month' else '' end
        when {{ unit }} = 'share' then {{ decimal_text(value ~ ' * 100', 1) }} || '%'
        when {{ unit }} = 'days' then {{ decimal_text(value, 1) }} || ' days'
        when {{ unit }} in ('count', 'score') then {{ decimal_text(value, 1) }}
        else {{ decimal_text(value, 2) }}
    end
{%- endmacro -%}

{#- A reason in words, from the columns of customer_reasons: 'spend $4210.00: far above most, ...'. -#}
{%- macro reason_text() -%}
    label || ' ' || case kind
        when 'number' then coalesce({{ readable_value('value', 'unit') }}, 'unknown') || ': '
        else ''
    end
    || case
        when kind = 'category' and z > 0 then 'is ' || level
        when kind = 'category' then 'is not ' || level
        when z >= 1.5 then 'far above most'
        when z >= 0.5 then 'above average'
        when z > -0.5 then 'about average'
        when z > -1.5 then 'below average'
        else 'far below most'
    end
    || ', ' || case
        when contribution > 0 then 'typical of ' || segment_name || ' rather than ' || second_segment_name
        when contribution < 0 then 'which speaks for ' || second_segment_name
        else 'which decides nothing'
    end
{%- endmacro -%}
