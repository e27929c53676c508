{{ config(pre_hook='{{ remove_stale(this) }}') }}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

relationships as (
    select * from {{ ref('input_relationships') }}
),

customer_records as {{ inlined() }} (
    select * from {{ ref('customer_records') }}
),

referred as (
    select distinct
        referrers.customer_id,
        friends.customer_id as friend_id,
        relationships.started_on
    from relationships
    inner join customer_records as referrers
        on
            relationships.source = referrers.source
            and relationships.source_customer_id = referrers.source_customer_id
    inner join customer_records as friends
        on
            relationships.source = friends.source
            and relationships.related_customer_id = friends.source_customer_id
    where
        relationships.relationship_type = 'referral'
        and referrers.customer_id != friends.customer_id
),

sided as (
    select customer_id, friend_id, cast(null as {{ dbt.type_string() }}) as referrer_id, started_on
    from referred
    union all
    select friend_id, null, customer_id, started_on
    from referred
),

measured as (
    select
        customers.customer_id,
        customers.as_of_date,
        count(distinct sided.friend_id) as referral_count,
        case when count(sided.referrer_id) > 0 then 1 else 0 end as is_referred
    from customers
    left join sided
        on
            customers.customer_id = sided.customer_id
            and sided.started_on < customers.as_of_date
    where customers.order_count > 0
    group by customers.customer_id, customers.as_of_date
)

select * from measured
