with versions as (
    select * from {{ ref('int_versions__decided') }}
    where is_live or recency_rank = 1
),

lineage as (
    select * from {{ ref('seg_versions') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

candidates as (
    select * from {{ ref('seg_candidates') }}
),

policies as (
    select * from {{ ref('release_policies') }}
    where decides = 'retraining'
),

check_results as (
    select * from {{ ref('check_results') }}
),

dates as (
    select segmentation, as_of_date from {{ ref('seg_training_dates') }}
    where role = 'fit'
),

dated as (
    select
        versions.*,
        lineage.spec_hash,
        spec.spec_hash as asked_hash,
        spec.refresh,
        dates.as_of_date,
        {{ valid_until('versions.fitted_as_of', 'spec.refresh') }} as due_on
    from versions
    inner join lineage
        on
            versions.segmentation = lineage.segmentation
            and versions.model_version = lineage.model_version
    inner join spec on versions.segmentation = spec.segmentation
    left join dates on versions.segmentation = dates.segmentation
),

broken as (
    select
        segmentation, model_version,
        case when check_name = 'segment_share_psi' then 'segment_share' else family end as cause,
        {{ double("count(case when status in ('fail', 'waived') then 1 end)") }} as breach_count,
        {{ double("max(case when check_name = 'segment_share_psi' then value end)") }} as psi,
        min(case when status in ('fail', 'waived') then check_name || ' ' || slice end) as example
    from check_results
    where family in ('drift', 'stability', 'prediction', 'calibration')
    group by
        segmentation, model_version,
        case when check_name = 'segment_share_psi' then 'segment_share' else family end
),

decayed as (
    select
        versions.segmentation,
        versions.model_version,
        round(candidates.usefulness - check_results.value, 9) as value
    from versions
    inner join candidates
        on
            versions.segmentation = candidates.segmentation
            and versions.model_version = candidates.model_version
            and versions.candidate = candidates.candidate
            and candidates.usefulness_measure = 'r2'
    inner join check_results
        on
            versions.segmentation = check_results.segmentation
            and versions.model_version = check_results.model_version
            and check_results.check_name = 'outcome_r2'
),

measured as (
    {{ retrain_triggers() }}
)

select * from measured
