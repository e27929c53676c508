with customers as (
    select * from {{ ref('customers') }}
),

consents as (
    select * from {{ ref('customer_consents') }}
),

granted as (
    select consents.customer_id, consents.purpose
    from consents
    inner join customers on consents.customer_id = customers.customer_id
    where consents.is_granted
)

select * from granted
