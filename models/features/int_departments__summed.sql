{{ config(
    pre_hook='{{ remove_keys(this, ref("int_customers__touched"), ["customer_id"]) }}',
    post_hook='{{ remaining_passes(this, ranges_of([ref("input_order_lines")])) }}'
) }}

with order_lines as (
    select * from {{ ref('int_order_lines__valued') }}
    {{ only_keys(ref('int_order_lines__valued'), ref('int_customers__touched'), ['customer_id']) }}
),

products as (
    select * from {{ ref('input_products') }}
),

labelled as (
    select
        order_lines.customer_id,
        order_lines.order_date,
        coalesce(products.department, 'other') as department,
        coalesce(products.is_private_label, false) as is_private_label,
        order_lines.amount_cents
    from order_lines
    left join products
        on
            order_lines.source = products.source
            and order_lines.product_id = products.product_id
    where
        order_lines.is_counted
        and {{ in_range('order_lines.customer_id', [ref('input_order_lines')]) }}
),

summed as (
    select
        customer_id,
        order_date,
        department,
        cast(sum(amount_cents) as bigint) as amount_cents,
        cast(sum(case when is_private_label then amount_cents else 0 end) as bigint)
            as private_label_cents
    from labelled
    group by customer_id, order_date, department
)

select * from summed
