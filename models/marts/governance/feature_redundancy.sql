with redundancy as (
    select * from {{ ref('seg_redundancy') }}
),

released as (
    select
        *,
        {{ release_id() }} as release_id
    from redundancy
)

select * from released
