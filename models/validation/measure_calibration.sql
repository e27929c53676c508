-- Whether segments spend as segments of their kind did before: mean outcome learned over mean
-- outcome seen, one window later. `level` is all customers together (a season moves it, and so does
-- history that grows); a segment's ratio is net of it. Intervals of 99% by the delta method on
-- logarithms.
{% set width = 2.576 %}

with spread as (
    select * from {{ ref('int_outcomes__averaged') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

totalled as (
    select
        segmentation,
        model_version,
        sum(judge_count) as customer_count
        {%- for role in ['learn', 'judge'] %},
        {{ exact_mean('judge_count * ' ~ role ~ '_mean') }} as {{ role }}_mean,
        {{ exact_mean('judge_count * judge_count * ' ~ role ~ '_variance') }}
        / nullif(count(*), 0) as {{ role }}_variance
        {%- endfor %}
    from spread
    group by segmentation, model_version
),

levelled as (
    select
        *,
        {{ ratio('learn_mean', 'judge_mean') }} as level,
        {{ ratio('learn_variance', 'learn_mean * learn_mean') }}
        + {{ ratio('judge_variance', 'judge_mean * judge_mean') }} as level_variance
    from totalled
),

compared as (
    select
        segmentation,
        model_version,
        'level' as slice,
        level as value,
        sqrt(level_variance) as log_error,
        customer_count
    from levelled
    union all
    select
        spread.segmentation,
        spread.model_version,
        'segment=' || cast(spread.segment_id as {{ dbt.type_string() }}),
        {{ ratio('spread.learn_mean', 'spread.judge_mean') }} / nullif(levelled.level, 0),
        sqrt(
            {{ ratio('spread.learn_variance', 'spread.learn_mean * spread.learn_mean') }}
            + {{ ratio('spread.judge_variance', 'spread.judge_mean * spread.judge_mean') }}
            + levelled.level_variance
        ),
        least(spread.learn_count, spread.judge_count)
    from spread
    inner join levelled
        on
            spread.segmentation = levelled.segmentation
            and spread.model_version = levelled.model_version
),

measured as (
    select
        versions.segmentation,
        versions.model_version,
        as_of_dates.as_of_date,
        'outcome_calibration' as check_name,
        coalesce(compared.slice, 'level') as slice,
        round(compared.value, 9) as value,
        round(compared.value * exp(-{{ width }} * compared.log_error), 9) as low,
        round(compared.value * exp({{ width }} * compared.log_error), 9) as high,
        cast(coalesce(compared.customer_count, 0) as bigint) as customer_count
    from versions
    inner join as_of_dates on as_of_dates.is_current
    left join compared
        on
            versions.segmentation = compared.segmentation
            and versions.model_version = compared.model_version
)

select * from measured
