with spec as (
    select * from {{ ref('segmentation_spec') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

dated as (
    select
        spec.segmentation,
        as_of_dates.as_of_date,
        spec.deprecated_on,
        coalesce(spec.deprecated_on <= as_of_dates.as_of_date, false) as is_retired,
        {{ days_between('as_of_dates.as_of_date', 'spec.review_by') }} as days_to_review
    from spec
    cross join as_of_dates
    where as_of_dates.is_current
)

select * from dated
