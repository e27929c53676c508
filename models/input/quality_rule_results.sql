with judged as (
    select * from {{ ref('int_quality_rules__judged') }}
),

released as (
    select
        *,
        {{ release_id() }} as release_id
    from judged
)

select * from released
