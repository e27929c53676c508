with judged as (
    select * from {{ ref('int_customers__judged') }}
),

kept as (
    select
        source,
        source_customer_id,
        registered_date,
        region,
        registered_date_was_imputed
    from judged
    where rejection_rule is null
)

select * from kept
