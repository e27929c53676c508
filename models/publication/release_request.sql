with released_checks as (
    select * from {{ ref('released_checks') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

breached as (
    select
        count(*) as breach_count,
        {{ join_text(
            "segmentation || ' ' || check_name || ' ' || slice || ' ' || message", 'true'
        ) }} as breaches
    from released_checks
    where status = 'fail'
),

requested as (
    select
        {{ release_id() }} as release_id,
        as_of_dates.as_of_date,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as published_at,
        '{{ var("code_version") }}' as code_version,
        breached.breach_count,
        breached.breaches
    from as_of_dates
    cross join breached
    where as_of_dates.is_current
)

select * from requested
