with judged as (
    select * from {{ ref('int_context__judged') }}
),

kept as (
    select
        source,
        context_date,
        coalesce(region, '*') as region,
        context_type,
        value,
        label,
        licence,
        provider
    from judged
    where rejection_rule is null
)

select * from kept
