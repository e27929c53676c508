{% set registered = source_entries() %}

with registered as (
    {% for entry in registered %}
    select
        {{ literal(entry.source) }} as source,
        {{ text_or_null(entry.description) }} as description,
        {{ text_or_null(entry.system) }} as system,
        {{ text_or_null(entry.owner) }} as owner,
        {{ text_or_null(entry.kpi) }} as kpi_served,
        {{ text_or_null(entry.access_status) }} as access_status,
        {{ text_or_null(entry.legal_basis) }} as legal_basis,
        {{ text_or_null(entry.licence) }} as licence,
        {{ text_or_null(entry.entities) }} as entities,
        {{ text_or_null(entry.tables) }} as tables,
        {{ text_or_null(entry.refresh) }} as refresh,
        {{ release_id() }} as release_id
    {{ 'union all' if not loop.last }}
    {% else %}
    select {{ release_id() }} as release_id
    {% endfor %}
)

select * from registered
