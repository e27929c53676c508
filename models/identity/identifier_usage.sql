with identifiers as (
    select * from {{ ref('int_identifiers__normalised') }}
),

keyed as (
    select * from {{ ref('int_identity__keyed') }}
),

rules as (
    select * from {{ ref('identity_rules') }}
),

counted as (
    select
        source,
        identifier_type,
        count(*) as value_count,
        count(normalised_value) as usable_count,
        count(*) - count(normalised_value) as unusable_count
    from identifiers
    group by source, identifier_type
),

crowded as (
    select
        rules.identifier_types as identifier_type,
        count(distinct keyed.key_hash) as crowded_count
    from keyed
    inner join rules on keyed.rule = rules.rule
    where not keyed.is_key
    group by rules.identifier_types
),

joined as (
    select
        counted.source,
        counted.identifier_type,
        counted.value_count,
        counted.usable_count,
        counted.unusable_count,
        coalesce(crowded.crowded_count, 0) as crowded_count
    from counted
    left join crowded on counted.identifier_type = crowded.identifier_type
)

select * from joined
