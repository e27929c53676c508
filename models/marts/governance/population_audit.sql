with populations as (
    select * from {{ ref('seg_populations') }}
),

counted as (
    select
        segmentation,
        as_of_date,
        status != 'excluded' as is_in,
        coalesce(exclusion_reason, fallback_reason, 'in the model') as reason,
        count(*) as customer_count,
        cast(sum(spend_cents) as bigint) as spend_cents,
        {{ release_id() }} as release_id
    from populations
    group by
        segmentation,
        as_of_date,
        status != 'excluded',
        coalesce(exclusion_reason, fallback_reason, 'in the model')
)

select * from counted
