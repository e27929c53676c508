{#- Every place in a text that a regular expression finds, replaced. -#}
{%- macro replace_pattern(text, pattern, replacement) -%}
    {{ adapter.dispatch('replace_pattern', 'coterie')(text, pattern, replacement) }}
{%- endmacro -%}
{%- macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', '{{ replacement }}')
{%- endmacro -%}
{%- macro duckdb__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro -%}

{#- Whether a regular expression finds anything in a text. -#}
{%- macro matches_pattern(text, pattern) -%}
    {{ adapter.dispatch('matches_pattern', 'coterie')(text, pattern) }}
{%- endmacro -%}
{%- macro default__matches_pattern(text, pattern) -%}({{ text }} rlike r{{ literal(pattern) }}){%- endmacro -%}
{%- macro duckdb__matches_pattern(text, pattern) -%}
    regexp_matches({{ text }}, {{ literal(pattern) }})
{%- endmacro -%}

{#- Letters without their accents. -#}
{%- macro strip_accents(text) -%}{{ adapter.dispatch('strip_accents', 'coterie')(text) }}{%- endmacro -%}
{%- macro default__strip_accents(text) -%}
    translate(
        {{ text }},
        'áàâäãåāçćčďéèêëēėęěíìîïīįłñńňóòôöõōőřśšşťúùûüūůűýÿžźżÁÀÂÄÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŽŠČ',
        'aaaaaaacccdeeeeeeeeiiiiiilnnnooooooorssstuuuuuuuyyzzzAAAAAACEEEEIIIINOOOOOUUUUYZSC'
    )
{%- endmacro -%}
{%- macro duckdb__strip_accents(text) -%}strip_accents({{ text }}){%- endmacro -%}
