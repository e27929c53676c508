{#-
  Whether this engine scores the points of a version in one row per customer (int_scores__nearest); the
  others join customers with components, and rank. Both give the same. Text, or none.
-#}
{%- macro scores_at_once() -%}{{ adapter.dispatch('scores_at_once', 'coterie')() }}{%- endmacro -%}
{%- macro default__scores_at_once() -%}{%- endmacro -%}
{%- macro duckdb__scores_at_once() -%}yes{%- endmacro -%}

{#- How many points stand side by side, a column each: each costs everyone; a version of more is `any`. -#}
{%- macro most_points() -%}8{%- endmacro -%}

{#-
  The form of a version, over its components: `alike`, points of one precision and one offset; `points`,
  others, as long as squares of their precision stay exact to 9 decimals; `any`, all the rest.
-#}
{%- macro version_form() -%}{{ adapter.dispatch('version_form', 'coterie')() }}{%- endmacro -%}
{%- macro default__version_form() -%}'any'{%- endmacro -%}
{%- macro duckdb__version_form() -%}
    case
        when max(kind) != 'point' or min(kind) != 'point' then 'any'
        when count(*) != count(distinct segment_id) or max(list_max(precisions)) > 10000 then 'any'
        when count(*) > {{ most_points() }} then 'any'
        when min(list_min(precisions)) = max(list_max(precisions))
            and min(score_offset) = max(score_offset) then 'alike'
        else 'points'
    end
{%- endmacro -%}

{#-
  What a row is compared with, by component, DuckDB alone: the mean; of `points` the weights of the
  squares, the values and 1, so that the score is one product.
-#}
{%- macro point_weights() -%}
    case form
        when 'alike' then means
        else list_concat(
            list_transform(precisions, lambda p: -0.5 * p),
            list_transform(means, lambda m, i: m * precisions[i]),
            [score_offset - 0.5 * list_sum(list_transform(means, lambda m, i: m * m * precisions[i]))]
        )
    end
{%- endmacro -%}

{#-
  A list made anew: functions of lists refuse a column in which any list has a missing value, rows that
  a filter left out included.
-#}
{%- macro known_vector(z) -%}list_resize({{ z }}, len({{ z }})){%- endmacro -%}

{#- What is compared with the weights of a component. -#}
{%- macro point_terms(z) -%}
    case when is_alike then {{ z }}
        else list_concat(list_transform({{ z }}, lambda x: x * x), {{ z }}, [1.0])
    end
{%- endmacro -%}

{#- The distance from a component; of `points` its score. -#}
{%- macro point_distance(terms, weights) -%}
    case when is_alike then list_distance({{ terms }}, {{ weights }})
        else list_dot_product({{ terms }}, {{ weights }})
    end
{%- endmacro -%}

{#- The score of a component, rounded to 9 decimals: round(x, 9) gives the same in twice the time. -#}
{%- macro point_score(distance) -%}
    round(
        case when is_alike then first_offset - half_precision * ({{ distance }} * {{ distance }})
            else {{ distance }}
        end * 1e9
    ) / 1e9
{%- endmacro -%}

{#- An expression for each place of a version, # in it, in the order of segments. -#}
{%- macro on_each_place(expression, between) -%}
    {%- for i in range(1, most_points() | int + 1) -%}
        {{ expression | replace('#', i) }}{{ '' if loop.last else between }}
    {%- endfor -%}
{%- endmacro -%}

{#- The best score, and its place; a version of fewer points has nulls, which greatest passes over. -#}
{%- macro best_score() -%}greatest({{ on_each_place('score_#', ', ') }}){%- endmacro -%}
{%- macro best_place() -%}case {{ on_each_place('when score_# = best then #', ' ') }} end{%- endmacro -%}
{%- macro total_likelihood() -%}
    {{ on_each_place('coalesce(exp(score_# - best), 0)', ' + ') }}
{%- endmacro -%}

{#- The best score of the others, and its place; null where there are no others. -#}
{%- macro second_score() -%}
    greatest({{ on_each_place('case when place != # then score_# end', ', ') }})
{%- endmacro -%}
{%- macro second_place() -%}
    case {{ on_each_place('when score_# = second and place != # then #', ' ') }} end
{%- endmacro -%}
