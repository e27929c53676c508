{#-
  The scaler, as coterie.scoring states it: transform, cap, centre, scale, weigh, round to 9 decimals.
  `features` is the vector of all features; the others are the model's rows, as vectors of its own length.
-#}
{%- macro standardised(features, scale) -%}
    {%- set x = element(features, element(scale ~ '.vector_positions', 'i')) -%}
    {%- set transform = element(scale ~ '.transforms', 'i') -%}
    {%- set transformed -%}
        case {{ transform }}
            when 'log1p' then ln(1 + greatest({{ x }}, 0))
            when 'sqrt' then sqrt(greatest({{ x }}, 0))
            else {{ x }}
        end
    {%- endset -%}
    {%- set capped -%}
        least(greatest({{ transformed }}, {{ element(scale ~ '.clip_lows', 'i') }}), {{ element(scale ~ '.clip_highs', 'i') }})
    {%- endset -%}
    {%- set expression -%}
        case
            when {{ x }} is not null
                then round(
                    ({{ capped }} - {{ element(scale ~ '.centers', 'i') }})
                    / {{ element(scale ~ '.scales', 'i') }} * {{ element(scale ~ '.weights', 'i') }}, 9
                )
        end
    {%- endset -%}
    {{ map_positions(scale ~ '.vector_positions', expression) }}
{%- endmacro -%}

{#- offset - 1/2 sum of precision * (z - mean)^2: k-means and diagonal mixtures alike. -#}
{%- macro component_score(z, component) -%}
    {%- set difference = '(' ~ element(z, 'i') ~ ' - ' ~ element(component ~ '.means', 'i') ~ ')' -%}
    {%- set term = element(component ~ '.precisions', 'i') ~ ' * ' ~ difference ~ ' * ' ~ difference -%}
    round({{ component }}.score_offset - 0.5 * {{ sum_vector(map_positions(z, term)) }}, 9)
{%- endmacro -%}
