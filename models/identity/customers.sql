with identity_map as (
    select * from {{ ref('identity_map') }}
),

consents as (
    select * from {{ ref('customer_consents') }}
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
    inner join consents
        on
            identity_map.customer_id = consents.customer_id
            and consents.purpose = 'profiling'
            and consents.is_granted
    inner join source_customers
        on
            identity_map.source = source_customers.source
            and identity_map.source_customer_id = source_customers.source_customer_id
    group by identity_map.customer_id
)

select * from grouped
