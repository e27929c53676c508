{#-
  The scaler, as coterie.preparation states it: transform, cap, centre, scale, weigh, round to 9 decimals.
  `features` is the vector of all features, `categories` that of all categories; the others are the model's
  rows, as vectors of its own length. A level is 1 where the category equals it, else 0; (other) is 1 where
  the category is none of the levels in its note.
-#}
{%- macro standardised(features, categories, scale) -%}
    {%- set place = element(scale ~ '.vector_positions', 'i') -%}
    {%- set category = 'coalesce(' ~ text_element(categories, place) ~ ", '(unknown)')" -%}
    {%- set level = text_element(scale ~ '.levels', 'i') -%}
    {%- set transform = text_element(scale ~ '.transforms', 'i') -%}
    {%- set is_listed = dbt.position("'|' || " ~ category ~ " || '|'", level) ~ ' > 0' -%}
    {%- set number = element(features, place) -%}
    {%- set transformed -%}
        case {{ transform }}
            when 'log1p' then ln(1 + greatest(coalesce({{ number }}, 0), 0))
            when 'sqrt' then sqrt(greatest(coalesce({{ number }}, 0), 0))
            when 'is' then case when {{ category }} = {{ level }} then 1.0 else 0.0 end
            when 'other' then case when {{ is_listed }} then 0.0 else 1.0 end
            else {{ number }}
        end
    {%- endset -%}
    {%- set capped -%}
        least(
            greatest({{ transformed }}, coalesce({{ element(scale ~ '.clip_lows', 'i') }}, -1e300)),
            coalesce({{ element(scale ~ '.clip_highs', 'i') }}, 1e300)
        )
    {%- endset -%}
    {%- set expression -%}
        case
            when case when {{ transform }} in ('is', 'other') then {{ place }} else {{ number }} end
                is not null
                then round(
                    ({{ capped }} - {{ element(scale ~ '.centers', 'i') }})
                    / {{ element(scale ~ '.scales', 'i') }} * {{ element(scale ~ '.weights', 'i') }}, 9
                )
        end
    {%- endset -%}
    {{ map_positions(scale ~ '.vector_positions', expression) }}
{%- endmacro -%}

{#- A standardised row with the score of its version behind: intercept plus the sum of coefficient * z. -#}
{%- macro with_score(z, coefficients, intercept) -%}
    {%- set term = element(z, 'i') ~ ' * ' ~ element(coefficients, 'i') -%}
    {%- set score = 'round(' ~ intercept ~ ' + ' ~ sum_vector(map_positions(z, term)) ~ ', 9)' -%}
    {{ append_vector(z, 'case when ' ~ is_complete(z) ~ ' then ' ~ score ~ ' end') }}
{%- endmacro -%}

{#-
  The score of a component, as coterie.algorithms.components states it: a point (k-means, diagonal
  mixtures), a full covariance through the rows of its root, or a box with a step at its border.
-#}
{%- macro component_score(z, component) -%}
    {%- set x, mean = element(z, 'i'), element(component ~ '.means', 'i') -%}
    {%- set precision = element(component ~ '.precisions', 'i') -%}
    {%- set apart = '(' ~ x ~ ' - ' ~ mean ~ ')' -%}
    {%- set point = precision ~ ' * ' ~ apart ~ ' * ' ~ apart -%}
    {%- set place = '(j - 1) * ' ~ vector_length(component ~ '.means') ~ ' + i' -%}
    {%- set turned -%}
        {{ sum_vector(map_positions(z, element(component ~ '.roots', place) ~ ' * ' ~ apart)) }}
    {%- endset -%}
    {%- set gap -%}
        greatest({{ element(component ~ '.lows', 'i') }} - {{ x }}, {{ x }} - {{ element(component ~ '.highs', 'i') }}, 0)
    {%- endset -%}
    round(
        {{ component }}.score_offset - case {{ component }}.kind
            when 'point' then 0.5 * {{ sum_vector(map_positions(z, point)) }}
            when 'full' then 0.5 * {{ sum_vector(map_positions(z, 'pow(' ~ turned ~ ', 2)', 'j')) }}
            else
                0.5 * {{ sum_vector(map_positions(z, precision ~ ' * pow(' ~ gap ~ ', 2)')) }}
                + case
                    when {{ sum_vector(map_positions(z, gap)) }} > 0
                        then {{ component }}.outside
                    else 0
                end
        end,
        9
    )
{%- endmacro -%}
