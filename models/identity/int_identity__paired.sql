with keys as (
    select * from {{ ref('int_identity__keyed') }}
    where is_key and kind != 'device'
),

paired as (
    select
        one.record_number as record_a,
        other.record_number as record_b,
        one.rule,
        one.kind,
        one.key_hash,
        one.strength
    from keys as one
    inner join keys as other
        on
            one.rule = other.rule
            and one.key_hash = other.key_hash
            and one.record_number < other.record_number
)

select * from paired
