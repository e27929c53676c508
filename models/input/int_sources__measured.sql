with coverage as (
    select * from {{ ref('source_coverage') }}
),

quality as (
    select *
    from {{ ref('data_quality_results') }}
    where rule = 'all rules'
),

rules as (
    select * from {{ ref('int_quality_rules__judged') }}
),

sla as (
    select * from {{ ref('int_sla__judged') }}
),

spanned as (
    select * from {{ ref('int_sources__spanned') }}
),

consented as (
    select * from {{ ref('int_sources__consented') }}
),

filled as (
    select
        source,
        count(distinct entity) as entity_count,
        {{ ratio('sum(filled_count)', 'sum(row_count)') }} as completeness
    from coverage
    where status = 'available' and {{ is_required_attribute() }}
    group by source
),

kept as (
    select
        source,
        cast(sum(rows_in) as bigint) as row_count,
        {{ ratio('sum(rows_quarantined)', 'sum(rows_in)') }} as quarantine_share
    from quality
    group by source
),

ruled as (
    select
        source,
        min(case when kind = 'referential' then value end) as referential_share,
        count(case when status = 'fail' then 1 end) as rule_fail_count,
        count(case when status = 'warn' then 1 end) as rule_warn_count
    from rules
    group by source
),

agreed as (
    select source, count(case when status = 'missed' then 1 end) as sla_breach_count
    from sla
    group by source
),

joined as (
    select
        kept.source,
        filled.entity_count,
        kept.row_count,
        filled.completeness,
        ruled.referential_share,
        kept.quarantine_share,
        spanned.first_event_date,
        spanned.last_event_date,
        spanned.overlap_share,
        spanned.lag_days,
        ruled.rule_fail_count,
        ruled.rule_warn_count,
        agreed.sla_breach_count,
        consented.consent_share,
        consented.is_consent_elsewhere
    from kept
    left join filled on kept.source = filled.source
    left join ruled on kept.source = ruled.source
    left join agreed on kept.source = agreed.source
    left join spanned on kept.source = spanned.source
    left join consented on kept.source = consented.source
)

select * from joined
