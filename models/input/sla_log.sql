with judged as (
    select * from {{ ref('int_sla__judged') }}
),

logged as (
    select
        *,
        {{ release_id() }} as measured_release_id
    from judged
)

select * from logged
