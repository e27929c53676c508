with customer_records as (
    select * from {{ ref('customer_records') }}
),

source_customers as (
    select * from {{ ref('input_customers') }}
),

located as (
    select
        customer_records.customer_id,
        min(source_customers.region) as region
    from customer_records
    inner join source_customers
        on
            customer_records.source = source_customers.source
            and customer_records.source_customer_id = source_customers.source_customer_id
    group by customer_records.customer_id
)

select * from located
