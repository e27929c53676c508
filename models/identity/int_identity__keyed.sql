with identifiers as (
    select * from {{ ref('int_identifiers__normalised') }}
),

records as (
    select * from {{ ref('int_records__widened') }}
),

rules as (
    select
        *,
        length(identifier_types) - length(replace(identifier_types, ' ', '')) + 1 as type_count
    from {{ ref('identity_rules') }}
),

matched as (
    select
        rules.rule,
        identifiers.source,
        identifiers.source_customer_id,
        identifiers.identifier_type || '=' || identifiers.normalised_value as part,
        rules.type_count,
        case when rules.type_count = 1 then identifiers.normalised_value else '' end as single_value
    from identifiers
    inner join rules
        on ' ' || rules.identifier_types || ' ' like '% ' || identifiers.identifier_type || ' %'
    where
        identifiers.normalised_value is not null
        and (rules.type_count = 1 or identifiers.preference = 1)
),

combined as (
    select
        rule,
        source,
        source_customer_id,
        single_value,
        {{ dbt.hash(join_sorted('part')) }} as key_hash
    from (select distinct * from matched) as parts
    group by rule, source, source_customer_id, single_value
    having count(*) = max(type_count)
),

counted as (
    select
        *,
        count(*) over (partition by rule, key_hash) as sharers
    from combined
),

kept as (
    select
        records.record_number,
        counted.rule,
        rules.kind,
        rules.strength,
        counted.key_hash,
        counted.sharers,
        counted.sharers <= rules.maximum_sharers as is_key
    from counted
    inner join rules on counted.rule = rules.rule
    inner join records
        on
            counted.source = records.source
            and counted.source_customer_id = records.source_customer_id
    where counted.sharers > 1
)

select * from kept
