with judged as (
    select * from {{ ref('int_legacy_segments__judged') }}
),

kept as (
    select
        source,
        source_customer_id,
        scheme,
        segment,
        valid_from,
        valid_to
    from judged
    where rejection_rule is null
)

select * from kept
