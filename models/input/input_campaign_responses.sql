with judged as (
    select * from {{ ref('int_campaign_responses__judged') }}
),

kept as (
    select
        source,
        response_id,
        campaign_id,
        source_customer_id,
        responded_on
    from judged
    where rejection_rule is null
)

select * from kept
