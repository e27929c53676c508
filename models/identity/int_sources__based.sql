with based as (
    {% for source in var('sources') if 'customers' in entities_of(source) %}
    select
        '{{ source }}' as source,
        {{ 'true' if 'consents' in entities_of(source) else 'false' }} as has_consents,
        {{ text_or_null(legal_basis(source)) }} as legal_basis
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from based
