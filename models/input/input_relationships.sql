with judged as (
    select * from {{ ref('int_relationships__judged') }}
),

kept as (
    select
        source,
        source_customer_id,
        related_customer_id,
        relationship_type,
        started_on
    from judged
    where rejection_rule is null
)

select * from kept
