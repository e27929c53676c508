{{ config(materialized='view') }}

with identity_map as {{ inlined() }} (
    select * from {{ ref('identity_map') }}
),

consents as (
    select * from {{ ref('input_consents') }}
),

sources as (
    select * from {{ ref('int_sources__based') }}
),

grounds as (
    select
        identity_map.customer_id,
        count(*) as source_record_count,
        count(case when sources.has_consents then 1 end) as consent_record_count,
        count(sources.legal_basis) as based_record_count
    from identity_map
    inner join sources on identity_map.source = sources.source
    group by identity_map.customer_id
),

purposes as (
    {% for purpose in purposes() %}
    select '{{ purpose }}' as purpose
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

stated as (
    select
        identity_map.customer_id,
        consents.*,
        coalesce(consents.valid_to > {{ consent_moment() }}, true)
        and case
            when consents.is_granted then consents.valid_from <= {{ consent_moment() }}
            else
                coalesce(
                    consents.valid_from <= {{ dbt.dateadd('day', 1, consent_moment()) }}, true
                )
        end as is_valid
    from consents
    inner join identity_map
        on
            consents.source = identity_map.source
            and consents.source_customer_id = identity_map.source_customer_id
),

numbered as (
    select
        *,
        row_number() over (
            partition by customer_id, purpose
            order by
                is_valid desc,
                valid_from desc nulls first,
                is_granted asc,
                valid_to desc nulls first,
                source asc,
                source_customer_id asc
        ) as statement_number
    from stated
),

decided as (
    select
        grounds.customer_id,
        purposes.purpose,
        grounds.source_record_count,
        numbered.valid_from as decided_at,
        case
            when numbered.is_valid and numbered.is_granted then 'consent'
            when numbered.is_valid then 'refused'
            when numbered.customer_id is not null then 'no consent: expired or not yet valid'
            when grounds.consent_record_count > 0 then 'no consent: never given'
            when grounds.based_record_count < grounds.source_record_count
                then 'no consent: the source has none and states no legal basis'
            when purposes.purpose = 'profiling' then 'legal basis of the source'
            else 'no consent: a legal basis covers profiling only'
        end as reason
    from grounds
    cross join purposes
    left join numbered
        on
            grounds.customer_id = numbered.customer_id
            and purposes.purpose = numbered.purpose
            and numbered.statement_number = 1
),

granted as (
    select
        *,
        reason in ('consent', 'legal basis of the source') as is_granted
    from decided
)

select * from granted
