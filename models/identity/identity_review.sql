with scored as (
    select * from {{ ref('int_identity__scored') }}
),

pairs as (
    select * from {{ ref('int_identity__paired') }}
),

reviewed as (
    select * from {{ ref('int_identity__reviewed') }}
),

records as (
    select * from {{ ref('int_records__widened') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
),

persons as (
    select
        records.record_number,
        identity_map.customer_id,
        {{ row_key_hash(['records.source', 'records.source_customer_id']) }} as record_hash
    from records
    inner join identity_map
        on
            records.source = identity_map.source
            and records.source_customer_id = identity_map.source_customer_id
),

ruled as (
    select
        record_a,
        record_b,
        min(rule) as rule
    from pairs
    group by record_a, record_b
),

decided as (
    select distinct
        least(record_a, record_b) as record_a,
        greatest(record_a, record_b) as record_b
    from reviewed
),

doubted as (
    select
        one.record_hash as record_a_hash,
        other.record_hash as record_b_hash,
        scored.probability,
        coalesce(ruled.rule, 'probabilistic') as rule
    from scored
    inner join persons as one on scored.record_a = one.record_number
    inner join persons as other on scored.record_b = other.record_number
    left join ruled on scored.record_a = ruled.record_a and scored.record_b = ruled.record_b
    left join decided on scored.record_a = decided.record_a and scored.record_b = decided.record_b
    where
        one.customer_id != other.customer_id
        and decided.record_a is null
        and scored.probability >= {{ var('identity_review_probability', 0.3) }}
)

select * from doubted
