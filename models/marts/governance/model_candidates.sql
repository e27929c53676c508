with candidates as (
    select * from {{ ref('seg_candidates') }}
),

released as (
    select
        *,
        {{ release_id() }} as release_id
    from candidates
)

select * from released
