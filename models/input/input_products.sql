with judged as (
    select * from {{ ref('int_products__judged') }}
),

kept as (
    select
        source,
        product_id,
        department,
        category,
        is_private_label,
        department_was_imputed
    from judged
    where rejection_rule is null
)

select * from kept
