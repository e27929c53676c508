with released_checks as (
    select * from {{ ref('released_checks') }}
),

live_versions as (
    select * from {{ ref('live_versions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

customer_segments as (
    select * from {{ ref('customer_segments') }}
),

consents as (
    select * from {{ ref('int_consents__decided') }}
),

forbidden as (
    select segmentation || ' ' || check_name || ' ' || slice || ' ' || message as words
    from released_checks
    where status = 'fail'
    union all
    select segmentation || ' ' || obstacle as words
    from live_versions
    where obstacle_kind in ('cannot_score', 'no_such_version', 'not_promoted')
),

breached as (
    select
        count(*) as breach_count,
        {{ join_text('words', 'true') }} as breaches
    from forbidden
),

withdrawn as (
    select count(distinct customer_segments.customer_id) as withdrawn_count
    from customer_segments
    left join consents
        on
            customer_segments.customer_id = consents.customer_id
            and consents.purpose = 'profiling'
            and consents.is_granted
    where consents.customer_id is null
),

requested as (
    select
        {{ release_id() }} as release_id,
        as_of_dates.as_of_date,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as published_at,
        '{{ var("code_version") }}' as code_version,
        breached.breach_count,
        breached.breaches,
        withdrawn.withdrawn_count,
        '{{ ref("customers").schema }}.{{ ref("customers").identifier }}' as customers_relation
    from as_of_dates
    cross join breached
    cross join withdrawn
    where as_of_dates.is_current
)

select * from requested
