with features as (
    select * from {{ ref('feature_definitions') }}
),

categories as (
    select * from {{ ref('category_definitions') }}
),

combined as (
    select
        feature,
        'number' as kind,
        entity,
        label,
        tags,
        high_phrase,
        low_phrase,
        definition_hash,
        is_allowed,
        position,
        availability,
        availability_reason
    from features
    union all
    select
        feature,
        kind,
        'customer' as entity,
        label,
        tags,
        high_phrase,
        low_phrase,
        definition_hash,
        is_allowed,
        1000 + vector_position,
        'available',
        null
    from categories
)

select * from combined
