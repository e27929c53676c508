{#- The most frequent value, of several the smallest; put `over (...)` behind it, or group. -#}
{%- macro smallest_mode(column) -%}{{ adapter.dispatch('smallest_mode', 'coterie')(column) }}{%- endmacro -%}
{%- macro default__smallest_mode(column) -%}mode({{ column }}, true){%- endmacro -%}
{%- macro duckdb__smallest_mode(column) -%}mode({{ column }} order by {{ column }}){%- endmacro -%}

{#- The last value that is known, up to this row; of rows that tie the largest counts for all. -#}
{%- macro last_known(column, partition, order) -%}
    {{ adapter.dispatch('last_known', 'coterie')(column, partition, order) }}
{%- endmacro -%}
{%- macro default__last_known(column, partition, order) -%}
    last_value({{ column }}, true) over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}
{%- macro duckdb__last_known(column, partition, order) -%}
    last_value({{ column }} ignore nulls) over (
        {{ partition }} order by {{ (order + [column ~ ' asc nulls last']) | join(', ') }}
        rows between unbounded preceding and current row
    )
{%- endmacro -%}

{#- A quantile of doubles, between two values by their distance. -#}
{%- macro value_at_share(value, share) -%}{{ adapter.dispatch('value_at_share', 'coterie')(value, share) }}{%- endmacro -%}
{%- macro default__value_at_share(value, share) -%}percentile({{ value }}, {{ share }}){%- endmacro -%}
{%- macro duckdb__value_at_share(value, share) -%}quantile_cont({{ value }}, {{ share }}){%- endmacro -%}

{#- The middle value of a group: of an even number the mean of the two in the middle. -#}
{%- macro middle(value) -%}{{ adapter.dispatch('middle', 'coterie')(value) }}{%- endmacro -%}
{%- macro default__middle(value) -%}median({{ value }}){%- endmacro -%}

{#- The same for each row, of the rows of a window. -#}
{%- macro middle_over(value, window) -%}{{ adapter.dispatch('middle_over', 'coterie')(value, window) }}{%- endmacro -%}
{%- macro default__middle_over(value, window) -%}median({{ value }}) over ({{ window }}){%- endmacro -%}

{#- The correlation of two columns over a group (Pearson). -#}
{%- macro correlation(x, y) -%}{{ adapter.dispatch('correlation', 'coterie')(x, y) }}{%- endmacro -%}
{%- macro default__correlation(x, y) -%}corr({{ x }}, {{ y }}){%- endmacro -%}
