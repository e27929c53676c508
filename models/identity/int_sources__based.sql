with based as (
    {% for source in var('sources') if 'customers' in entities_of(source) %}
    select
        '{{ source }}' as source,
        {{ 'true' if 'consents' in entities_of(source) else 'false' }} as has_consents,
        {% set basis = legal_basis(source) -%}
        cast({{ literal(basis) if basis else 'null' }} as {{ dbt.type_string() }}) as legal_basis
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from based
