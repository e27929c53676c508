{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('customer_outcomes') }}
),

products as (
    select * from {{ ref('product_outcomes') }}
),

united as (
    select
        customer_id,
        as_of_date,
        window_days,
        order_count,
        spend_cents,
        department_count,
        is_active,
        cast(null as bigint) as revenue_cents,
        {{ double('null') }} as unit_count
    from customers
    union all
    select
        product_key as customer_id,
        as_of_date,
        window_days,
        order_count,
        cast(null as bigint) as spend_cents,
        cast(null as bigint) as department_count,
        is_active,
        revenue_cents,
        unit_count
    from products
)

select * from united
