with judged as (
    select * from {{ ref('int_customer_attributes__judged') }}
),

kept as (
    select
        source,
        source_customer_id,
        attribute,
        value,
        is_protected
    from judged
    where rejection_rule is null
)

select * from kept
