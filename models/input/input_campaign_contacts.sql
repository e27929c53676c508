with judged as (
    select * from {{ ref('int_campaign_contacts__judged') }}
),

kept as (
    select
        source,
        campaign_id,
        source_customer_id,
        contacted_on,
        coalesce(arm, 'treatment') as arm
    from judged
    where rejection_rule is null
)

select * from kept
