-- What stands between each source and a segmentation: the verdict, and the rules and objectives
-- that are broken.
with readiness as (
    select * from {{ ref('readiness_report') }}
),

rules as (
    select * from {{ ref('quality_rule_results') }}
),

objectives as (
    select * from {{ ref('data_sla_results') }}
),

broken as (
    select source, entity, attribute, rule as finding, status, value, minimum, maximum, owner
    from rules
    where status in ('warn', 'fail')
    union all
    select
        source, entity, attribute, objective as finding, status, measured as value, minimum,
        maximum, owner
    from objectives
    where status = 'missed' and measured_release_id = release_id
),

listed as (
    select
        readiness.source,
        readiness.verdict,
        readiness.reasons,
        broken.entity,
        broken.attribute,
        broken.finding,
        broken.status,
        broken.value,
        broken.minimum,
        broken.maximum,
        broken.owner
    from readiness
    left join broken on readiness.source = broken.source
)

select * from listed
order by verdict, source, status, entity, attribute, finding
