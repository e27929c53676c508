with candidates as (
    select * from {{ ref('seg_candidates') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

lineage as (
    select * from {{ ref('seg_versions') }}
),

scores as (
    select * from {{ ref('seg_scores') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

fitted as (
    select
        versions.segmentation,
        versions.model_version,
        candidates.cold_ari_median,
        candidates.cold_ari_p10,
        lineage.training_rows
    from versions
    inner join candidates
        on
            versions.segmentation = candidates.segmentation
            and versions.model_version = candidates.model_version
            and versions.candidate = candidates.candidate
    inner join lineage
        on
            versions.segmentation = lineage.segmentation
            and versions.model_version = lineage.model_version
),

dated as (
    select
        scores.*,
        as_of_dates.months_before
    from scores
    inner join as_of_dates on scores.as_of_date = as_of_dates.as_of_date
    where scores.assignment_method in ('model', 'rule')
),

moved as (
    select
        dated.segmentation,
        dated.model_version,
        dated.as_of_date,
        {{ ratio(
            'count(case when dated.segment_id != earlier.segment_id then 1 end)', 'count(*)'
        ) }} as value,
        count(*) as customer_count
    from dated
    inner join dated as earlier
        on
            dated.segmentation = earlier.segmentation
            and dated.model_version = earlier.model_version
            and dated.customer_id = earlier.customer_id
            and dated.months_before + 1 = earlier.months_before
    group by dated.segmentation, dated.model_version, dated.as_of_date
),

measured as (
    {% for check, column in [
        ('bootstrap_stability_median', 'cold_ari_median'),
        ('bootstrap_stability_p10', 'cold_ari_p10'),
    ] %}
    select
        fitted.segmentation,
        fitted.model_version,
        as_of_dates.as_of_date,
        '{{ check }}' as check_name,
        fitted.{{ column }} as value,
        fitted.training_rows as customer_count
    from fitted
    cross join as_of_dates
    where as_of_dates.is_current
    union all
    {% endfor %}
    select segmentation, model_version, as_of_date, 'monthly_movement', value, customer_count
    from moved
)

select * from measured
