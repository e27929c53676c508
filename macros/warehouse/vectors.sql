{#- Vectors are lists of doubles; positions count from 1. Only these macros know how an engine writes them. -#}
{%- macro make_vector(expressions) -%}
    {{ adapter.dispatch('make_vector', 'coterie')(expressions) }}
{%- endmacro -%}
{%- macro default__make_vector(expressions) -%}array({{ expressions | join(', ') }}){%- endmacro -%}
{%- macro duckdb__make_vector(expressions) -%}[{{ expressions | join(', ') }}]{%- endmacro -%}

{#- A list of texts, for engines that must be told. -#}
{%- macro make_text_vector(expressions) -%}
    {{ adapter.dispatch('make_text_vector', 'coterie')(expressions) }}
{%- endmacro -%}
{%- macro default__make_text_vector(expressions) -%}{{ make_vector(expressions) }}{%- endmacro -%}

{#- The values of a group as a list, in the order of `position`. -#}
{%- macro collect_vector(value, position) -%}
    {{ adapter.dispatch('collect_vector', 'coterie')(value, position) }}
{%- endmacro -%}
{%- macro default__collect_vector(value, position) -%}
    transform(sort_array(collect_list(struct({{ position }} as p, {{ value }} as v))), x -> x.v)
{%- endmacro -%}
{%- macro duckdb__collect_vector(value, position) -%}
    list({{ value }} order by {{ position }})
{%- endmacro -%}

{#- The texts of a group as a list, for engines that must be told. -#}
{%- macro collect_text_vector(value, position) -%}
    {{ adapter.dispatch('collect_text_vector', 'coterie')(value, position) }}
{%- endmacro -%}
{%- macro default__collect_text_vector(value, position) -%}{{ collect_vector(value, position) }}{%- endmacro -%}

{#- A list of the length of `vector`, made by an expression of the position, i or as it is called. -#}
{%- macro map_positions(vector, expression, position='i') -%}
    {{ adapter.dispatch('map_positions', 'coterie')(vector, expression, position) }}
{%- endmacro -%}
{%- macro default__map_positions(vector, expression, position) -%}
    transform(transform({{ vector }}, (x, n) -> n + 1), {{ position }} -> {{ expression }})
{%- endmacro -%}
{%- macro duckdb__map_positions(vector, expression, position) -%}
    list_transform(range(1, len({{ vector }}) + 1), lambda {{ position }}: {{ expression }})
{%- endmacro -%}

{#- How many elements a list has. -#}
{%- macro vector_length(vector) -%}{{ adapter.dispatch('vector_length', 'coterie')(vector) }}{%- endmacro -%}
{%- macro default__vector_length(vector) -%}array_size({{ vector }}){%- endmacro -%}
{%- macro duckdb__vector_length(vector) -%}len({{ vector }}){%- endmacro -%}

{#- One element of a list, by position. -#}
{%- macro element(vector, position) -%}
    {{ adapter.dispatch('element', 'coterie')(vector, position) }}
{%- endmacro -%}
{%- macro default__element(vector, position) -%}element_at({{ vector }}, cast({{ position }} as int)){%- endmacro -%}
{%- macro duckdb__element(vector, position) -%}{{ vector }}[{{ position }}]{%- endmacro -%}

{#- One text of a list of texts, by position. -#}
{%- macro text_element(vector, position) -%}
    {{ adapter.dispatch('text_element', 'coterie')(vector, position) }}
{%- endmacro -%}
{%- macro default__text_element(vector, position) -%}{{ element(vector, position) }}{%- endmacro -%}

{#- A list with one more element at its end. -#}
{%- macro append_vector(vector, value) -%}{{ adapter.dispatch('append_vector', 'coterie')(vector, value) }}{%- endmacro -%}
{%- macro default__append_vector(vector, value) -%}concat({{ vector }}, array({{ value }})){%- endmacro -%}
{%- macro duckdb__append_vector(vector, value) -%}list_append({{ vector }}, {{ value }}){%- endmacro -%}

{#- The sum of a list without missing values. -#}
{%- macro sum_vector(vector) -%}{{ adapter.dispatch('sum_vector', 'coterie')(vector) }}{%- endmacro -%}
{%- macro default__sum_vector(vector) -%}
    aggregate({{ vector }}, cast(0 as double), (total, x) -> total + x)
{%- endmacro -%}
{%- macro duckdb__sum_vector(vector) -%}list_sum({{ vector }}){%- endmacro -%}

{#- Whether no value of a list is missing. -#}
{%- macro is_complete(vector) -%}{{ adapter.dispatch('is_complete', 'coterie')(vector) }}{%- endmacro -%}
{%- macro default__is_complete(vector) -%}(not exists({{ vector }}, x -> x is null)){%- endmacro -%}
{%- macro duckdb__is_complete(vector) -%}(list_count({{ vector }}) = len({{ vector }})){%- endmacro -%}
