{#- The smallest number of customers that is told: fewer could be recognised. As coterie.formats has it. -#}
{%- macro smallest_cell() -%}5{%- endmacro -%}

{#- A value that stands for `count` customers; null when these are 1 to 4. -#}
{%- macro told(value, count) -%}
    case when {{ count }} = 0 or {{ count }} >= {{ smallest_cell() }} then {{ value }} end
{%- endmacro -%}
