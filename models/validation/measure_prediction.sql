with observed as (
    select * from {{ ref('int_outcomes__observed') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

celled as (
    {% for rule, cell in [('segments', 'segment_id'), ('quintiles', 'spend_quintile')] %}
    select segmentation, model_version, role, '{{ rule }}' as rule, {{ cell }} as cell, outcome
    from observed
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

learned as (
    select segmentation, model_version, rule, cell, {{ exact_mean('outcome') }} as outcome
    from celled
    where role = 'learn'
    group by segmentation, model_version, rule, cell
),

overall as (
    select segmentation, model_version, rule, {{ exact_mean('outcome') }} as outcome
    from celled
    where role = 'learn'
    group by segmentation, model_version, rule
),

predicted as (
    select
        celled.segmentation,
        celled.model_version,
        celled.rule,
        celled.outcome,
        round(coalesce(learned.outcome, overall.outcome), 9) as prediction
    from celled
    inner join overall
        on
            celled.segmentation = overall.segmentation
            and celled.model_version = overall.model_version
            and celled.rule = overall.rule
    left join learned
        on
            celled.segmentation = learned.segmentation
            and celled.model_version = learned.model_version
            and celled.rule = learned.rule
            and celled.cell = learned.cell
    where celled.role = 'judge'
),

explained as (
    select
        segmentation,
        model_version,
        count(case when rule = 'segments' then 1 end) as customer_count,
        {% for rule in ['segments', 'quintiles'] %}
        {{ explained_share('outcome', 'prediction', "rule = '" ~ rule ~ "'") }} as {{ rule }}_r2
        {{- ',' if not loop.last }}
        {% endfor %}
    from predicted
    group by segmentation, model_version
),

measured as (
    {% for check, value in [
        ('outcome_r2', 'explained.segments_r2'),
        ('outcome_r2_over_spend_quintiles', 'explained.segments_r2 - explained.quintiles_r2'),
    ] %}
    select
        versions.segmentation,
        versions.model_version,
        as_of_dates.as_of_date,
        '{{ check }}' as check_name,
        {{ value }} as value,
        coalesce(explained.customer_count, 0) as customer_count
    from versions
    inner join as_of_dates on as_of_dates.is_current
    left join explained
        on
            versions.segmentation = explained.segmentation
            and versions.model_version = explained.model_version
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from measured
