{#- a / b as a double, null when b is 0. -#}
{%- macro ratio(numerator, denominator) -%}
    {{ double(numerator) }} / nullif({{ denominator }}, 0)
{%- endmacro -%}

{#-
  The sample standard deviation from exact sums of integers: n, sum(x), sum(x * x). The engine's own
  stddev adds doubles in whatever order its threads meet them, so its last bits differ between runs.
-#}
{%- macro sample_stddev(count, total, total_of_squares) -%}
    case when {{ count }} > 1 then sqrt(greatest(
        ({{ double(total_of_squares) }}
        - {{ double(total) }} * {{ double(total) }} / {{ count }}) / ({{ count }} - 1), 0
    )) end
{%- endmacro -%}

{#-
  The mean of doubles, the same whatever the order of rows: summed as decimals. Without a condition there
  is no case either: on hundreds of aggregates it would cost more than they do.
-#}
{%- macro exact_mean(expression, condition=none) -%}
    {%- set counted = 'case when ' ~ condition ~ ' then ' ~ expression ~ ' end' if condition else expression -%}
    cast(sum(cast({{ counted }} as decimal(38, 9))) as {{ type_double() }})
    / nullif(count({{ counted }}), 0)
{%- endmacro -%}

{#- R squared: the share of the variance of `actual` that `prediction` explains; null when there is none. -#}
{%- macro explained_share(actual, prediction, condition) -%}
    {%- set error = '(' ~ actual ~ ' - ' ~ prediction ~ ')' -%}
    {%- set variance -%}
        ({{ exact_mean(actual ~ ' * ' ~ actual, condition) }}
        - pow({{ exact_mean(actual, condition) }}, 2))
    {%- endset -%}
    case
        when {{ variance }} > 0.000000001
            then round(1 - {{ exact_mean(error ~ ' * ' ~ error, condition) }} / {{ variance }}, 9)
    end
{%- endmacro -%}

{#- A score from 1 to `steps` by rank: equal values get equal scores, a higher value never a lower one. -#}
{%- macro tie_safe_score(value, partition, direction='asc', steps=5) -%}
    cast(floor(
        {{ steps }} * (rank() over (partition by {{ partition }} order by {{ value }} {{ direction }}) - 1)
        / {{ double('count(*) over (partition by ' ~ partition ~ ')') }}
    ) as bigint) + 1
{%- endmacro -%}

{#-
  A bound of the Wilson interval (95%) of a share; `side` is -1 for the low one, 1 for the high one.
  Wilson (1927), JASA 22. Null when there are no trials; rounded to 9 decimals.
-#}
{%- macro wilson_bound(successes, trials, side) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set p = '(' ~ ratio(successes, trials) ~ ')' -%}
    {%- set n = 'nullif(' ~ double(trials) ~ ', 0)' -%}
    round(
        ({{ p }} + {{ z * z / 2 }} / {{ n }} + {{ side * z }}
        * sqrt(greatest({{ p }} * (1 - {{ p }}), 0) / {{ n }} + {{ z * z / 4 }} / ({{ n }} * {{ n }})))
        / (1 + {{ z * z }} / {{ n }}), 9
    )
{%- endmacro -%}
