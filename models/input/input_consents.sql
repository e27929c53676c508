with judged as (
    select * from {{ ref('int_consents__judged') }}
),

kept as (
    select
        source,
        source_customer_id,
        purpose,
        coalesce(is_granted, false) as is_granted,
        valid_from,
        valid_to,
        collected_by
    from judged
    where rejection_rule is null
)

select * from kept
