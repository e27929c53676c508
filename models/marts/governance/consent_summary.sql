with consents as (
    select * from {{ ref('customer_consents') }}
),

counted as (
    select
        purpose,
        is_granted,
        reason,
        count(*) as customer_count,
        cast(sum(source_record_count) as bigint) as source_record_count,
        {{ release_id() }} as release_id
    from consents
    group by purpose, is_granted, reason
)

select * from counted
