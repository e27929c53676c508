{#-
  Whether this engine scores the points of a version in one row per customer (int_scores__nearest); the
  others join customers with components, and rank. Both give the same. Text, or none.
-#}
{%- macro scores_at_once() -%}{{ adapter.dispatch('scores_at_once', 'coterie')() }}{%- endmacro -%}
{%- macro default__scores_at_once() -%}{%- endmacro -%}
{%- macro duckdb__scores_at_once() -%}yes{%- endmacro -%}

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
  A list without missing values, made anew: functions of lists refuse a column in which any list has
  one, rows that a filter left out included.
-#}
{%- macro known_vector(z) -%}list_transform({{ z }}, lambda x: coalesce(x, 0.0)){%- endmacro -%}

{#- The score of each component, in their order. A list is walked and never indexed: that is five times as fast. -#}
{%- macro point_scores(z, version) -%}
    case {{ version }}.form
        when 'alike' then list_transform({{ version }}.weights, lambda w: round(
            {{ version }}.first_offset
            - {{ version }}.half_precision * pow(list_distance({{ z }}, w), 2), 9
        ))
        else list_transform({{ version }}.weights, lambda w: round(
            list_dot_product(
                list_concat(list_transform({{ z }}, lambda x: x * x), {{ z }}, [1.0]), w
            ), 9
        ))
    end
{%- endmacro -%}

{#- The score next to the best one of a list, the best one again where two have it; null of one. -#}
{%- macro second_score(scores, best) -%}
    case
        when list_count({{ scores }}) = 1 then null
        when list_count(list_filter({{ scores }}, lambda s: s < {{ best }})) = list_count({{ scores }}) - 1
            then list_max(list_filter({{ scores }}, lambda s: s < {{ best }}))
        else {{ best }}
    end
{%- endmacro -%}

{#- Where the second score stands: behind the best one where both are the same. -#}
{%- macro second_place(scores, best, second) -%}
    case
        when {{ second }} < {{ best }} then list_position({{ scores }}, {{ second }})
        when {{ second }} = {{ best }}
            then list_position({{ scores }}, {{ best }})
            + list_position({{ scores }}[list_position({{ scores }}, {{ best }}) + 1:], {{ best }})
    end
{%- endmacro -%}

{%- macro best_score(scores) -%}list_max({{ scores }}){%- endmacro -%}
{%- macro best_place(scores, best) -%}list_position({{ scores }}, {{ best }}){%- endmacro -%}
{%- macro total_likelihood(scores, best) -%}
    list_sum(list_transform({{ scores }}, lambda s: exp(s - {{ best }})))
{%- endmacro -%}
