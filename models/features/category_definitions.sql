with described as (
    {% for attribute in categories() %}
    select
        {{ literal(attribute.name) }} as feature,
        {{ literal(attribute.label) }} as label,
        {{ literal(attribute.tags) }} as tags,
        {{ literal(attribute.phrase) }} as high_phrase,
        {{ literal(attribute.definition_hash) }} as definition_hash,
        {{ 'true' if attribute.is_allowed else 'false' }} as is_allowed,
        {{ loop.index }} as vector_position
    {{ 'union all' if not loop.last }}
    {% else %}
    select
        '' as feature,
        '' as label,
        '' as tags,
        '' as high_phrase,
        '' as definition_hash,
        false as is_allowed,
        0 as vector_position
    where 1 = 0
    {% endfor %}
),

kinded as (
    select
        feature,
        'category' as kind,
        label,
        tags,
        high_phrase,
        '' as low_phrase,
        definition_hash,
        is_allowed,
        vector_position
    from described
)

select * from kinded
