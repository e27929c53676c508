with interactions as (
    select * from {{ ref('input_interactions') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

identified as (
    select
        customer_records.customer_id,
        interactions.source,
        interactions.interaction_id,
        interactions.interaction_type,
        interactions.occurred_on,
        lower(interactions.channel) as channel,
        lower(interactions.device) as device,
        interactions.session_id,
        interactions.campaign_id
    from interactions
    inner join customer_records
        on
            interactions.source = customer_records.source
            and interactions.source_customer_id = customer_records.source_customer_id
)

select * from identified
