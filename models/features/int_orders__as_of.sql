{{ config(materialized='view') }}

with orders as (
    select * from {{ ref('int_orders__valued') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

placed as (
    select
        orders.*,
        as_of_dates.as_of_date,
        {{ days_between('orders.order_date', 'as_of_dates.as_of_date') }} as days_ago
    from orders
    inner join as_of_dates on orders.order_date < as_of_dates.as_of_date
)

select * from placed
