with judged as (
    select * from {{ ref('int_campaigns__judged') }}
),

kept as (
    select
        source,
        campaign_id,
        campaign_type,
        starts_on,
        ends_on,
        is_randomised
    from judged
    where rejection_rule is null
)

select * from kept
