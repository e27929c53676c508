with contacts as (
    select * from {{ ref('int_campaign_contacts__identified') }}
),

scores as (
    select * from {{ ref('released_scores') }}
),

outcomes as (
    select * from {{ ref('customer_outcomes') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

received as (
    select
        customer_id,
        source,
        campaign_id,
        min(contacted_on) as contacted_on,
        min(first_responded_on) as first_responded_on
    from contacts
    group by customer_id, source, campaign_id
),

dated as (
    select
        received.customer_id,
        received.source,
        received.campaign_id,
        received.first_responded_on,
        max(as_of_dates.as_of_date) as as_of_date
    from received
    inner join as_of_dates on received.contacted_on >= as_of_dates.as_of_date
    group by
        received.customer_id, received.source, received.campaign_id, received.first_responded_on
),

placed as (
    select
        scores.segmentation,
        scores.segment_id,
        scores.segment_name,
        dated.customer_id,
        dated.source,
        dated.campaign_id,
        dated.as_of_date,
        dated.first_responded_on is not null as has_responded,
        spec.outcome_window_days,
        outcomes.spend_cents as outcome_spend_cents
    from dated
    inner join scores
        on dated.customer_id = scores.customer_id and dated.as_of_date = scores.as_of_date
    inner join spec on scores.segmentation = spec.segmentation
    left join outcomes
        on
            dated.customer_id = outcomes.customer_id
            and dated.as_of_date = outcomes.as_of_date
            and spec.outcome_window_days = outcomes.window_days
)

select * from placed
