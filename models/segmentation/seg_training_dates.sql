with as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

windowed as (
    select
        spec.segmentation,
        as_of_dates.as_of_date,
        as_of_dates.is_current,
        {{ move_date('as_of_dates.as_of_date', 'day', 'spec.outcome_window_days') }}
            as window_ends_on
    from as_of_dates
    cross join spec
),

fitted as (
    select segmentation, 'fit' as role, as_of_date
    from windowed
    where is_current
),

judged as (
    select windowed.segmentation, 'judge' as role, max(windowed.as_of_date) as as_of_date
    from windowed
    inner join fitted on windowed.segmentation = fitted.segmentation
    where windowed.window_ends_on <= fitted.as_of_date
    group by windowed.segmentation
),

learned as (
    select windowed.segmentation, 'learn' as role, max(windowed.as_of_date) as as_of_date
    from windowed
    inner join judged on windowed.segmentation = judged.segmentation
    where windowed.window_ends_on <= judged.as_of_date
    group by windowed.segmentation
),

combined as (
    select segmentation, role, as_of_date from fitted
    union all
    select segmentation, role, as_of_date from judged
    union all
    select segmentation, role, as_of_date from learned
)

select * from combined
