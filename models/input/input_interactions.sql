with judged as (
    select * from {{ ref('int_interactions__judged') }}
),

kept as (
    select
        source,
        interaction_id,
        source_customer_id,
        interaction_type,
        occurred_at,
        coalesce(occurred_on, cast(occurred_at as date)) as occurred_on,
        channel,
        device,
        session_id,
        campaign_id
    from judged
    where rejection_rule is null
)

select * from kept
