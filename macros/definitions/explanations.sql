{#- A quarter of all customers, by their md5: the readable rules are learned without them. -#}
{%- macro is_held_out(customer_id) -%}
    substr(md5({{ customer_id }}), 1, 1) in ('0', '1', '2', '3')
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
