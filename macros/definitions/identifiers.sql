{#-
  The identifiers of a table, one below the other: one row per record, type and value, with columns
  source_customer_id, identifier_type, value and, when it is named, observed_at (the latest).
  `identifiers` maps a type of the contract to a column or an expression; nulls and blanks are left out.
-#}
{%- macro identifiers_from(relation, id, identifiers, observed_at=none) -%}
    {%- for identifier_type, value in identifiers.items() %}
    select
        cast({{ id }} as {{ dbt.type_string() }}) as source_customer_id,
        '{{ identifier_type }}' as identifier_type,
        cast({{ value }} as {{ dbt.type_string() }}) as value
        {%- if observed_at %},
        max({{ observed_at }}) as observed_at
        {%- endif %}
    from {{ relation }}
    where trim(cast({{ value }} as {{ dbt.type_string() }})) <> ''
    group by {{ id }}, {{ value }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro -%}
