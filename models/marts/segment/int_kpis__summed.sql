{#- Amounts are compared as ln(1 + x), as usefulness does: one large customer is not a segment. -#}
{% set kpis = {
    'is_active': double('outcomes.is_active'),
    'order_count': 'ln(1 + ' ~ double('outcomes.order_count') ~ ')',
    'department_count': 'ln(1 + ' ~ double('outcomes.department_count') ~ ')',
    'spend_cents': 'ln(1 + greatest(' ~ double('outcomes.spend_cents') ~ ', 0))',
} %}

with labelled as (
    select * from {{ ref('int_solutions__labelled') }}
),

outcomes as (
    select * from {{ ref('customer_outcomes') }}
),

summed as (
    select
        labelled.window_days,
        labelled.as_of_date,
        labelled.kind,
        labelled.solution,
        labelled.model_version,
        labelled.label,
        count(*) as customer_count
        {%- for kpi, scaled in kpis.items() %},
        cast(sum(outcomes.{{ kpi }}) as bigint) as {{ kpi }},
        sum(cast({{ scaled }} as decimal(38, 9))) as {{ kpi }}_scaled,
        sum(cast({{ scaled }} * {{ scaled }} as decimal(38, 9))) as {{ kpi }}_squared
        {%- endfor %}
    from labelled
    inner join outcomes
        on
            labelled.customer_id = outcomes.customer_id
            and labelled.as_of_date = outcomes.as_of_date
            and labelled.window_days = outcomes.window_days
    group by
        labelled.window_days, labelled.as_of_date, labelled.kind, labelled.solution,
        labelled.model_version, labelled.label
),

unpivoted as (
    {% for kpi in kpis %}
    select
        window_days, as_of_date, kind, solution, model_version, label, customer_count,
        '{{ kpi }}' as kpi,
        {{ kpi }} as total,
        {{ double(kpi ~ '_scaled') }} as scaled_total,
        {{ double(kpi ~ '_squared') }} as squared_total
    from summed
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unpivoted
