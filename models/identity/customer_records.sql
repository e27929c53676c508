with identity_map as (
    select * from {{ ref('identity_map') }}
),

recorded as (
    select source, source_customer_id, customer_id
    from identity_map
)

select * from recorded
