with rfm as (
    select * from {{ ref('feat_customers__rfm') }}
),

tenure as (
    select * from {{ ref('feat_customers__tenure') }}
),

impossible as (
    select rfm.customer_id, rfm.as_of_date, rfm.recency_days, tenure.tenure_days
    from rfm
    inner join tenure
        on rfm.customer_id = tenure.customer_id and rfm.as_of_date = tenure.as_of_date
    where rfm.recency_days < 1 or tenure.tenure_days < rfm.recency_days
)

select * from impossible
