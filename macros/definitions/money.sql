{#- Dollars, euros, ... as whole cents; what is not a finite number becomes null. -#}
{%- macro to_cents(amount) -%}{{ try_cast('round(' ~ amount ~ ' * 100)', 'bigint') }}{%- endmacro -%}
