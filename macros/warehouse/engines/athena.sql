{#- Athena (engine version 3) is Trino, and says it in Trino's words. -#}
{%- macro athena__replace_pattern(text, pattern, replacement) -%}
    {{ trino__replace_pattern(text, pattern, replacement) }}
{%- endmacro -%}
{%- macro athena__matches_pattern(text, pattern) -%}
    {{ trino__matches_pattern(text, pattern) }}
{%- endmacro -%}
{%- macro athena__join_text(value, condition) -%}
    {{ trino__join_text(value, condition) }}
{%- endmacro -%}
{%- macro athena__join_sorted(value) -%}{{ trino__join_sorted(value) }}{%- endmacro -%}
{%- macro athena__to_local_time(timestamp, zone) -%}
    {{ trino__to_local_time(timestamp, zone) }}
{%- endmacro -%}
{%- macro athena__to_utc_time(timestamp, zone) -%}
    {{ trino__to_utc_time(timestamp, zone) }}
{%- endmacro -%}
{%- macro athena__utc_of(moment) -%}{{ trino__utc_of(moment) }}{%- endmacro -%}
{%- macro athena__is_weekend(date) -%}{{ trino__is_weekend(date) }}{%- endmacro -%}
{%- macro athena__parse_time(value, form) -%}{{ trino__parse_time(value, form) }}{%- endmacro -%}
{%- macro athena__make_vector(expressions) -%}{{ trino__make_vector(expressions) }}{%- endmacro -%}
{%- macro athena__collect_vector(value, position) -%}
    {{ trino__collect_vector(value, position) }}
{%- endmacro -%}
{%- macro athena__map_positions(vector, expression, position) -%}
    {{ trino__map_positions(vector, expression, position) }}
{%- endmacro -%}
{%- macro athena__vector_length(vector) -%}{{ trino__vector_length(vector) }}{%- endmacro -%}
{%- macro athena__element(vector, position) -%}
    {{ trino__element(vector, position) }}
{%- endmacro -%}
{%- macro athena__append_vector(vector, value) -%}
    {{ trino__append_vector(vector, value) }}
{%- endmacro -%}
{%- macro athena__sum_vector(vector) -%}{{ trino__sum_vector(vector) }}{%- endmacro -%}
{%- macro athena__is_complete(vector) -%}{{ trino__is_complete(vector) }}{%- endmacro -%}
{%- macro athena__smallest_mode(column) -%}{{ trino__smallest_mode(column) }}{%- endmacro -%}
{%- macro athena__last_known(column, partition, order) -%}
    {{ trino__last_known(column, partition, order) }}
{%- endmacro -%}
{%- macro athena__value_at_share(value, share) -%}
    {{ trino__value_at_share(value, share) }}
{%- endmacro -%}
{%- macro athena__middle(value) -%}{{ trino__middle(value) }}{%- endmacro -%}
{%- macro athena__middle_over(value, window) -%}
    {{ trino__middle_over(value, window) }}
{%- endmacro -%}
