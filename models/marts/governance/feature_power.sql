with powered as (
    select * from {{ ref('int_features__powered') }}
),

released as (
    select
        *,
        {{ release_id() }} as release_id
    from powered
)

select * from released
