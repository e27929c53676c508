{#-
  Missing values, filled by a stated policy. The interface, for any layer:

      imputed(column, policy, parameter, partition_by, order_by, data_type)
          the value: the column where it is known, what the policy says where it is missing; null
          where the policy has nothing to go by
      was_imputed(... the same ...)
          a boolean: the column is missing, and imputed() is not

  Both are expressions over the rows of one CTE (windows, no joins), so that a wide table is filled in
  one select. They may not stand inside another window or an aggregate.

      column        a column, or an expression without window
      policy        default        the parameter: text is cast to data_type, a number stays one
                    median         of the known values of the partition; numbers only
                    mode           the most frequent of them; of several the smallest
                    forward_fill   the last known one in the order of order_by; rows that tie there
                                   know each other's value (the largest)
                    regression     the line through the known pairs with another numeric column, named
                                   by the parameter; null where that is missing or does not vary
                    exclude, flag, none   the column as it is: who calls sets the row aside, or says so
      partition_by  a list of columns, e.g. ['as_of_date']: nothing is learnt across them
      order_by      a list of expressions, for forward_fill
      data_type     the type of the result; whole numbers are rounded first

  Two builds agree to the bit: medians pick, sums are of decimals, ties are broken by value.
-#}
{%- macro imputed(column, policy, parameter=none, partition_by=[], order_by=[], data_type=none) -%}
    {%- if policy in ['exclude', 'flag', 'none'] -%}{{ return(column) }}{%- endif -%}
    {%- set window = 'partition by ' ~ partition_by | join(', ') if partition_by else '' -%}
    {%- if policy == 'default' -%}
        {%- set fill = literal(parameter) if parameter is string else parameter -%}
    {%- elif policy == 'median' -%}
        {%- set fill = middle_over(double(column), window) -%}
    {%- elif policy == 'mode' -%}
        {%- set fill = smallest_mode(column) ~ ' over (' ~ window ~ ')' -%}
    {%- elif policy == 'forward_fill' -%}
        {%- set fill = last_known(column, window, order_by) -%}
    {%- elif policy == 'regression' -%}
        {%- set fill = regressed(column, parameter, window) -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "missing values of " ~ column ~ ": policy '" ~ policy ~ "' is unknown; allowed are default, "
            ~ 'median, mode, forward_fill, regression, exclude, flag'
        ) }}
    {%- endif -%}
    {%- if data_type and 'int' in data_type and policy in ['median', 'regression'] -%}
        {%- set fill = 'round(' ~ fill ~ ', 0)' -%}
    {%- endif -%}
    coalesce({{ column }}, {{ 'cast(' ~ fill ~ ' as ' ~ type_of(data_type) ~ ')' if data_type else fill }})
{%- endmacro -%}

{%- macro was_imputed(column, policy, parameter=none, partition_by=[], order_by=[], data_type=none) -%}
    {%- set value = imputed(column, policy, parameter, partition_by, order_by, data_type) -%}
    ({{ column }} is null and {{ value }} is not null)
{%- endmacro -%}

{#-
  Least squares by exact sums over the pairs that are known: slope = (n sum(xy) - sum(x) sum(y)) /
  (n sum(xx) - sum(x)^2); to 9 decimals. The engine's own regr_slope adds doubles in any order.
-#}
{%- macro regressed(column, other, window) -%}
    {%- set known = column ~ ' is not null and ' ~ other ~ ' is not null' -%}
    {%- set n = 'count(case when ' ~ known ~ ' then 1 end) over (' ~ window ~ ')' -%}
    {%- set x = summed_exactly(double(other), known, window) -%}
    {%- set y = summed_exactly(double(column), known, window) -%}
    {%- set xx = summed_exactly(double(other) ~ ' * ' ~ double(other), known, window) -%}
    {%- set xy = summed_exactly(double(other) ~ ' * ' ~ double(column), known, window) -%}
    {%- set spread = 'nullif(' ~ n ~ ' * ' ~ xx ~ ' - ' ~ x ~ ' * ' ~ x ~ ', 0)' -%}
    round(
        ({{ y }} * {{ xx }} - {{ x }} * {{ xy }}) / {{ spread }}
        + ({{ n }} * {{ xy }} - {{ x }} * {{ y }}) / {{ spread }} * {{ double(other) }},
        9
    )
{%- endmacro -%}

{%- macro summed_exactly(expression, condition, window) -%}
    {{ double(
        'sum(case when ' ~ condition ~ ' then cast(' ~ expression ~ ' as decimal(38, 9)) end) over ('
        ~ window ~ ')'
    ) }}
{%- endmacro -%}
