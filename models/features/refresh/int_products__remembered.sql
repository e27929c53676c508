-- depends_on: {{ ref('int_customers__touched') }}
with products as (
    select * from {{ ref('input_products') }}
)

select * from products
