with policies as (
    select * from {{ ref('check_policies') }}
),

measurements as (
    select * from {{ ref('measurements') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

needs as (
    select * from {{ ref('int_needs__judged') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

expected as (
    select
        versions.segmentation,
        versions.model_version,
        versions.is_live,
        spec.entity,
        as_of_dates.as_of_date,
        policies.*
    from policies
    cross join versions
    inner join spec on versions.segmentation = spec.segmentation
    cross join as_of_dates
    where as_of_dates.is_current
),

compared as (
    select
        expected.*,
        coalesce(measurements.slice, '') as slice,
        measurements.value,
        measurements.low,
        measurements.high,
        coalesce(measurements.customer_count, 0) as customer_count,
        case
            when expected.entity = 'product' and expected.needs is not null
                then 'not available: it is about customers, and these are products'
            when needed.absence is not null then 'not available: ' || needed.absence
            when sliced.absence is not null then 'not available: ' || sliced.absence
            when
                expected.needs is not null
                and needed.need is null
                and measurements.check_name is not null
                and measurements.value is null
                then 'not available: nobody has given ' || expected.needs
        end as absence,
        case
            when measurements.check_name is null then 'was not measured'
            when measurements.value is null or measurements.low is null or measurements.high is null
                then 'could not be computed'
            when measurements.customer_count < expected.minimum_customers
                then 'rests on too few customers'
            when measurements.value < expected.minimum and measurements.high >= expected.minimum
                then 'is below the minimum, but its interval is too wide to tell'
            when measurements.value > expected.maximum and measurements.low <= expected.maximum
                then 'is above the maximum, but its interval is too wide to tell'
        end as obstacle,
        case
            when measurements.high < expected.minimum then 'is below the minimum'
            when measurements.low > expected.maximum then 'is above the maximum'
        end as fault
    from expected
    left join measurements
        on
            expected.segmentation = measurements.segmentation
            and expected.model_version = measurements.model_version
            and expected.as_of_date = measurements.as_of_date
            and expected.check_name = measurements.check_name
    left join needs as needed on expected.needs = needed.need
    left join needs as sliced on measurements.slice = sliced.need
)

select * from compared
