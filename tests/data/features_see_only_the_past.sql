with joined as (
    select * from {{ ref('int_features__joined') }}
),

sales as (
    select * from {{ ref('feat_products__sales') }}
),

interactions as (
    select * from {{ ref('int_interactions__identified') }}
),

counted as (
    select
        joined.customer_id,
        joined.as_of_date,
        count(case when interactions.interaction_type = 'session' then 1 end) as session_count,
        count(case when interactions.interaction_type = 'support_contact' then 1 end)
            as support_contact_count
    from joined
    inner join interactions
        on
            joined.customer_id = interactions.customer_id
            and interactions.occurred_on < joined.as_of_date
    group by joined.customer_id, joined.as_of_date
),

impossible as (
    select joined.customer_id, joined.as_of_date
    from joined
    left join counted
        on
            joined.customer_id = counted.customer_id
            and joined.as_of_date = counted.as_of_date
    where
        joined.recency_days < 1
        or joined.tenure_days < joined.recency_days
        or joined.tenure_net_days > joined.tenure_days
        or joined.order_count_after_onboarding > joined.order_count
        or joined.order_count_without_welcome > joined.order_count
        or joined.days_since_interaction < 1
        or joined.days_since_support_contact < 1
        or joined.session_count != coalesce(counted.session_count, 0)
        or joined.support_contact_count != coalesce(counted.support_contact_count, 0)
    union all
    select product_key as customer_id, as_of_date
    from sales
    where days_since_sold < 1 or days_on_sale < days_since_sold
)

select * from impossible
