with rules as (
    select * from {{ ref('quality_rules') }}
),

measured as (
    select * from {{ ref('int_quality_rules__measured') }}
),

compared as (
    select
        measured.source,
        rules.entity,
        coalesce(rules.attribute, '*') as attribute,
        rules.rule,
        rules.kind,
        round(measured.value, 9) as value,
        measured.row_count,
        measured.breach_count,
        measured.lowest_value as minimum,
        measured.highest_value as maximum,
        measured.is_available,
        coalesce(
            round(measured.value, 9) < measured.lowest_value
            or round(measured.value, 9) > measured.highest_value,
            false
        ) as is_breached,
        rules.on_breach,
        rules.action,
        rules.owner,
        rules.reason
    from measured
    inner join rules on measured.rule = rules.rule
),

judged as (
    select
        source,
        entity,
        attribute,
        rule,
        kind,
        value,
        row_count,
        breach_count,
        minimum,
        maximum,
        case
            when value is null then 'not_available'
            when is_breached then on_breach
            else 'pass'
        end as status,
        case
            when not is_available then 'the source does not have the entity'
            when value is null then 'there are no values to measure'
            when value < minimum then 'below the minimum'
            when value > maximum then 'above the maximum'
            else 'within its bounds'
        end as message,
        action,
        owner,
        reason
    from compared
)

select * from judged
