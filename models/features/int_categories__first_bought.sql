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

bought as (
    select
        order_lines.customer_id,
        products.category,
        min(order_lines.order_date) as first_order_date
    from order_lines
    inner join products
        on
            order_lines.source = products.source
            and order_lines.product_id = products.product_id
    where
        order_lines.is_counted and products.category is not null
        and {{ in_range('order_lines.customer_id', [ref('input_order_lines')]) }}
    group by order_lines.customer_id, products.category
)

select * from bought
