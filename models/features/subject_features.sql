{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('customer_features') }}
),

products as (
    select * from {{ ref('product_features') }}
),

united as (
    select
        customer_id,
        as_of_date
        {{- subject_columns('customer') }}
    from customers
    union all
    select
        product_key as customer_id,
        as_of_date
        {{- subject_columns('product') }}
    from products
)

select * from united
