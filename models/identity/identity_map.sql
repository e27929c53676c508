with grouped as (
    select * from {{ ref('int_identity__grouped') }}
),

assignments as (
    select * from {{ ref('identity_assignments') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id
            order by revision desc
        ) as age
    from assignments
),

identified as (
    select
        grouped.source,
        grouped.source_customer_id,
        numbered.customer_id,
        grouped.rule,
        grouped.probability,
        numbered.joined_in_run
    from grouped
    inner join numbered
        on
            grouped.source = numbered.source
            and grouped.source_customer_id = numbered.source_customer_id
    where numbered.age = 1
)

select * from identified
