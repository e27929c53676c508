with decided as (
    select * from {{ ref('int_consents__decided') }}
)

select * from decided
