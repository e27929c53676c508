with keys as (
    select * from {{ ref('int_identity__keyed') }}
),

seen as (
    select
        record_number,
        rule,
        strength,
        key_hash
    from keys
    where is_key and kind = 'device'
)

select * from seen
