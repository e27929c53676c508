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

completed as (
    select * from {{ ref('int_missing_values__counted') }}
),

totalled as (
    select
        source,
        entity,
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
    union all
    select
        source, entity, rule, 'flag' as action, 0 as rows_quarantined, rows_flagged,
        0 as amount_cents_quarantined
    from completed
),

combined as (
    select
        source, entity, 'all rules' as rule, 'quarantine' as action, rows_quarantined, rows_flagged,
        amount_cents_quarantined
    from totalled
    union all
    select
        source, entity, rule, action, rows_quarantined, rows_flagged, amount_cents_quarantined
    from ruled
),

added as (
    select source, entity, sum(rows_flagged) as rows_completed
    from completed
    group by source, entity
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
        cast(combined.rows_flagged + case
            when combined.rule = 'all rules' then coalesce(added.rows_completed, 0) else 0
        end as bigint) as rows_flagged,
        cast(totalled.amount_cents as bigint) as amount_cents_in,
        cast(combined.amount_cents_quarantined as bigint) as amount_cents_quarantined,
        {{ release_id() }} as release_id
    from combined
    inner join totalled
        on combined.source = totalled.source and combined.entity = totalled.entity
    left join added
        on combined.source = added.source and combined.entity = added.entity
)

select * from counted
