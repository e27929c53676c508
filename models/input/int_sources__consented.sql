with customers as (
    select * from {{ ref('input_customers') }}
),

consents as (
    select * from {{ ref('input_consents') }}
),

asked as (
    select distinct source, source_customer_id
    from consents
    where purpose = 'profiling'
),

held as (
    select source, count(*) as statement_count
    from consents
    group by source
),

existing as (
    select count(*) as statement_count
    from consents
),

counted as (
    select
        customers.source,
        {{ ratio('count(asked.source_customer_id)', 'count(*)') }} as consent_share
    from customers
    left join asked
        on
            customers.source = asked.source
            and customers.source_customer_id = asked.source_customer_id
    group by customers.source
),

placed as (
    select
        counted.source,
        counted.consent_share,
        held.statement_count is null and existing.statement_count > 0 as is_consent_elsewhere
    from counted
    left join held on counted.source = held.source
    cross join existing
)

select * from placed
