with identity_map as (
    select * from {{ ref('identity_map') }}
),

customers as (
    select * from {{ ref('customers') }}
),

recorded as (
    select
        identity_map.source,
        identity_map.source_customer_id,
        identity_map.customer_id
    from identity_map
    inner join customers on identity_map.customer_id = customers.customer_id
)

select * from recorded
