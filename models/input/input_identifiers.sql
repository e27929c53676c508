with judged as (
    select * from {{ ref('int_identifiers__judged') }}
),

kept as (
    select
        source,
        source_customer_id,
        identifier_type,
        value,
        observed_at
    from judged
    where rejection_rule is null
)

select * from kept
