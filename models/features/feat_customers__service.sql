{{ config(pre_hook='{{ remove_stale(this) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

interactions as (
    select * from {{ ref('int_interactions__as_of') }}
),

counted as (
    select
        customer_id,
        as_of_date,
        count(*) as support_contact_count,
        min(days_ago) as days_since_support_contact
    from interactions
    where interaction_type = 'support_contact'
    group by customer_id, as_of_date
),

measured as (
    select
        customers.customer_id,
        customers.as_of_date,
        coalesce(counted.support_contact_count, 0) as support_contact_count,
        {{ ratio('coalesce(counted.support_contact_count, 0)', 'customers.order_count') }}
            as support_contacts_per_order,
        counted.days_since_support_contact
    from customers
    left join counted
        on
            customers.customer_id = counted.customer_id
            and customers.as_of_date = counted.as_of_date
    where customers.order_count > 0
)

select * from measured
