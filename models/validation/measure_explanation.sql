with applied as (
    select * from {{ ref('int_rules__applied') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

counted as (
    select
        segmentation,
        model_version,
        count(rule_number) as ruled_count,
        {% for part, condition in {
            'all': '1 = 1', 'held_out': 'is_held_out'
        }.items() %}
        coalesce(sum(case when {{ condition }} then customer_count end), 0) as {{ part }}_count,
        coalesce(sum(
            case when {{ condition }} and rule_segment_id = segment_id then customer_count end
        ), 0) as {{ part }}_hits{{ ',' if not loop.last }}
        {% endfor %}
    from applied
    group by segmentation, model_version
),

measured as (
    {% for check, part in {
        'surrogate_fidelity': 'all', 'surrogate_fidelity_held_out': 'held_out'
    }.items() %}
    select
        versions.segmentation,
        versions.model_version,
        as_of_dates.as_of_date,
        '{{ check }}' as check_name,
        case
            when counted.ruled_count > 0
                then {{ ratio('counted.' ~ part ~ '_hits', 'counted.' ~ part ~ '_count') }}
        end as value,
        coalesce(counted.{{ part }}_count, 0) as customer_count
    from versions
    inner join as_of_dates on as_of_dates.is_current
    left join counted
        on
            versions.segmentation = counted.segmentation
            and versions.model_version = counted.model_version
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from measured
