{% set limits = model.config.get('meta', {}) if execute else {} %}

with register as (
    select * from {{ ref('source_register') }}
),

measured as (
    select * from {{ ref('int_sources__measured') }}
),

joined as (
    select
        register.source,
        register.legal_basis,
        coalesce(measured.entity_count, 0) as entity_count,
        coalesce(measured.row_count, 0) as row_count,
        measured.completeness,
        measured.referential_share,
        measured.quarantine_share,
        measured.first_event_date,
        measured.last_event_date,
        measured.overlap_share,
        measured.lag_days,
        measured.rule_fail_count,
        measured.rule_warn_count,
        measured.sla_breach_count,
        case when register.legal_basis is not null then 1.0 else measured.consent_share end
            as consent_coverage,
        measured.is_consent_elsewhere
    from register
    left join measured on register.source = measured.source
),

reasoned as (
    select
        *,
        case when row_count = 0 then 'no rows; ' else '' end
        || case when completeness < {{ limits.get('minimum_completeness', 0) }}
            then 'required attributes are not filled; ' else '' end
        || case when referential_share < {{ limits.get('minimum_referential_share', 0) }}
            then 'keys are not found; ' else '' end
        || case when quarantine_share > {{ limits.get('maximum_quarantine_share', 1) }}
            then 'too much is in quarantine; ' else '' end
        || case when overlap_share < {{ limits.get('minimum_overlap_share', 0) }}
            then 'its time is not that of the other sources; ' else '' end
        || case when lag_days > {{ limits.get('maximum_lag_days', 0) }}
            then 'it lags behind; ' else '' end
        || case when rule_fail_count > 0 then 'a quality rule fails; ' else '' end
        || case when sla_breach_count > 0 then 'an agreed objective is missed; ' else '' end
        || case
            when is_consent_elsewhere then ''
            when consent_coverage < {{ limits.get('minimum_consent_coverage', 0) }}
                then 'no legal basis is stated, and consent is missing; '
            else ''
        end as reasons
    from joined
),

decided as (
    select
        source,
        case when reasons = '' then 'go' else 'no_go' end as verdict,
        case
            when reasons = '' then 'ready' else substring(reasons, 1, length(reasons) - 2)
        end as reasons,
        entity_count,
        row_count,
        {{ double('completeness') }} as completeness,
        {{ double('referential_share') }} as referential_share,
        {{ double('quarantine_share') }} as quarantine_share,
        first_event_date,
        last_event_date,
        {{ double('overlap_share') }} as overlap_share,
        lag_days,
        coalesce(rule_fail_count, 0) as rule_fail_count,
        coalesce(rule_warn_count, 0) as rule_warn_count,
        coalesce(sla_breach_count, 0) as sla_breach_count,
        {{ double('consent_coverage') }} as consent_coverage,
        legal_basis,
        {{ release_id() }} as release_id
    from reasoned
)

select * from decided
