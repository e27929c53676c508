-- depends_on: {{ ref('int_customers__touched') }}, {{ ref('int_as_of_dates__kept') }}
with customers as (
    select * from {{ ref('input_customers') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

remembered as (
    select
        customers.source,
        customers.source_customer_id,
        customer_records.customer_id,
        customers.region
    from customers
    left join customer_records
        on
            customers.source = customer_records.source
            and customers.source_customer_id = customer_records.source_customer_id
)

select * from remembered
