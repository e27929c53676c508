with scores as (
    select * from {{ ref('seg_scores') }}
),

training_dates as (
    select * from {{ ref('seg_training_dates') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

outcomes as (
    select * from {{ ref('subject_outcomes') }}
),

features as (
    select * from {{ ref('subject_features') }}
),

dated as (
    select
        scores.segmentation,
        scores.model_version,
        scores.as_of_date,
        scores.customer_id,
        scores.segment_id,
        training_dates.role,
        spec.outcome_metric,
        spec.outcome_window_days
    from scores
    inner join training_dates
        on
            scores.segmentation = training_dates.segmentation
            and scores.as_of_date = training_dates.as_of_date
    inner join spec on scores.segmentation = spec.segmentation
    where scores.assignment_method in ('model', 'rule') and training_dates.role != 'fit'
),

observed as (
    select
        dated.segmentation,
        dated.model_version,
        dated.role,
        dated.customer_id,
        dated.segment_id,
        {{ tie_safe_score(
            of_subject('features', 'spend_cents'),
            'dated.segmentation, dated.model_version, dated.role'
        ) }} as spend_quintile,
        case dated.outcome_metric
            when 'spend_cents' then {{ double('outcomes.spend_cents') }}
            when 'order_count' then {{ double('outcomes.order_count') }}
            when 'department_count' then {{ double('outcomes.department_count') }}
            when 'is_active' then {{ double('outcomes.is_active') }}
        end as amount,
        round(case dated.outcome_metric
            when 'spend_cents'
                then ln(1 + greatest(coalesce({{ double('outcomes.spend_cents') }}, 0), 0))
            when 'order_count' then ln(1 + {{ double('outcomes.order_count') }})
            when 'department_count' then ln(1 + {{ double('outcomes.department_count') }})
            when 'revenue_cents'
                then ln(1 + greatest(coalesce({{ double('outcomes.revenue_cents') }}, 0), 0))
            when 'unit_count' then ln(1 + {{ double('outcomes.unit_count') }})
            when 'is_active' then {{ double('outcomes.is_active') }}
        end, 9) as outcome
    from dated
    inner join outcomes
        on
            dated.customer_id = outcomes.customer_id
            and dated.as_of_date = outcomes.as_of_date
            and dated.outcome_window_days = outcomes.window_days
    inner join features
        on
            dated.customer_id = features.customer_id
            and dated.as_of_date = features.as_of_date
)

select * from observed
