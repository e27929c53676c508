with identity_map as (
    select * from {{ ref('identity_map') }}
),

source_customers as (
    select * from {{ ref('input_customers') }}
),

grouped as (
    select
        identity_map.customer_id,
        count(*) as source_record_count,
        min(source_customers.registered_date) as registered_date
    from identity_map
    inner join source_customers
        on
            identity_map.source = source_customers.source
            and identity_map.source_customer_id = source_customers.source_customer_id
    group by identity_map.customer_id
)

select * from grouped
