with judged as (
    select * from {{ ref('int_quality_rules__judged') }}
),

logged as (
    select
        *,
        {{ release_id() }} as measured_release_id
    from judged
)

select * from logged
