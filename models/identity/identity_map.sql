with source_customers as (
    select * from {{ ref('input_customers') }}
),

identified as (
    select
        source,
        source_customer_id,
        source || ':' || source_customer_id as customer_id,
        'source id' as rule,
        {{ double('1') }} as probability
    from source_customers
)

select * from identified
