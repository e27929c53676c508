{% set entities = input_entities() %}

with judged as (
    {% for entity in entities %}
    select
        source,
        '{{ entity }}' as entity,
        rejection_rule,
        case when rejection_rule is null then flag end as flag,
        {{ 'coalesce(amount_cents, 0)' if entity == 'order_lines' else 0 }} as amount_cents
    from {{ ref('int_' ~ entity ~ '__judged') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totalled as (
    select
        source,
        entity,
        'all rules' as rule,
        'quarantine' as action,
        count(*) as row_count,
        count(rejection_rule) as rows_quarantined,
        count(flag) as rows_flagged,
        sum(amount_cents) as amount_cents,
        sum(case when rejection_rule is not null then amount_cents else 0 end)
            as amount_cents_quarantined
    from judged
    group by source, entity
),

ruled as (
    select
        source,
        entity,
        coalesce(rejection_rule, flag) as rule,
        case when rejection_rule is not null then 'quarantine' else 'flag' end as action,
        count(rejection_rule) as rows_quarantined,
        count(flag) as rows_flagged,
        sum(case when rejection_rule is not null then amount_cents else 0 end)
            as amount_cents_quarantined
    from judged
    where coalesce(rejection_rule, flag) is not null
    group by source, entity, coalesce(rejection_rule, flag), rejection_rule is not null
),

combined as (
    select
        source, entity, rule, action, rows_quarantined, rows_flagged, amount_cents_quarantined
    from totalled
    union all
    select
        source, entity, rule, action, rows_quarantined, rows_flagged, amount_cents_quarantined
    from ruled
),

counted as (
    select
        combined.source,
        combined.entity,
        combined.rule,
        combined.action,
        totalled.row_count as rows_in,
        totalled.row_count - totalled.rows_quarantined as rows_kept,
        combined.rows_quarantined,
        combined.rows_flagged,
        cast(totalled.amount_cents as bigint) as amount_cents_in,
        cast(combined.amount_cents_quarantined as bigint) as amount_cents_quarantined,
        {{ release_id() }} as release_id
    from combined
    inner join totalled
        on combined.source = totalled.source and combined.entity = totalled.entity
)

select * from counted
