with judged as (
    select * from {{ ref('int_products__judged') }}
),

kept as (
    select
        source,
        product_id,
        coalesce(department, 'other') as department,
        category,
        is_private_label
    from judged
    where rejection_rule is null
)

select * from kept
