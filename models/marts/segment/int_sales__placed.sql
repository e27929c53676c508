with scores as (
    select * from {{ ref('released_scores') }}
),

outcomes as (
    select * from {{ ref('customer_outcomes') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

observed as (
    select
        scores.segmentation,
        scores.segment_id,
        scores.segment_name,
        scores.as_of_date,
        spec.outcome_window_days,
        outcomes.spend_cents as outcome_spend_cents,
        max(scores.as_of_date) over (partition by scores.segmentation) as newest_as_of_date
    from scores
    inner join spec on scores.segmentation = spec.segmentation
    inner join outcomes
        on
            scores.customer_id = outcomes.customer_id
            and scores.as_of_date = outcomes.as_of_date
            and spec.outcome_window_days = outcomes.window_days
),

placed as (
    select
        segmentation,
        segment_id,
        segment_name,
        as_of_date,
        outcome_window_days,
        outcome_spend_cents
    from observed
    where as_of_date = newest_as_of_date
)

select * from placed
