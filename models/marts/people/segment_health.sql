{% set metrics = [
    'growth_1_month', 'growth_3_months', 'margin_share', 'stayed_share', 'stability',
] %}

with measured as (
    select * from {{ ref('int_health__measured') }}
),

segments as (
    select * from {{ ref('segments') }}
),

policies as (
    select * from {{ ref('segment_health_policies') }}
),

unpivoted as (
    {% for metric in metrics %}
    select segmentation, segment_id, as_of_date, '{{ metric }}' as metric, {{ metric }} as value
    from measured
    where {{ metric }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

judged as (
    select
        unpivoted.*,
        policies.label,
        case
            when unpivoted.value < policies.act_below then 'act'
            when unpivoted.value < policies.watch_below then 'watch'
            else 'healthy'
        end as verdict,
        case
            when unpivoted.value < policies.act_below then policies.act_below
            else policies.watch_below
        end as bound
    from unpivoted
    inner join policies on unpivoted.metric = policies.metric
),

collected as (
    select
        segmentation,
        segment_id,
        as_of_date,
        max(case verdict when 'act' then 2 when 'watch' then 1 else 0 end) as severity,
        {{ join_text(
            "label || ' is ' || " ~ decimal_text('value', 2) ~ " || ', below ' || "
            ~ decimal_text('bound', 2), "verdict != 'healthy'"
        ) }} as faults
    from judged
    group by segmentation, segment_id, as_of_date
),

told as (
    select
        measured.segmentation,
        measured.segment_id,
        segments.segment_name,
        measured.as_of_date,
        measured.customer_count,
        round(measured.growth_1_month, 9) as growth_1_month,
        round(measured.growth_3_months, 9) as growth_3_months,
        measured.spend_30_days_cents,
        measured.order_count_30_days,
        measured.lapsed_share,
        measured.margin_30_days_cents,
        round(measured.margin_share, 9) as margin_share,
        case
            when measured.has_costs then 'from segment_costs'
            else 'unknown: segment_costs has no row'
        end as margin_basis,
        measured.entered_count,
        measured.left_count,
        measured.seen_count,
        round(measured.stayed_share, 9) as stayed_share,
        measured.stability,
        case
            when measured.segment_id = 0 or collected.severity is null then 'not assessable'
            when collected.severity = 2 then 'act'
            when collected.severity = 1 then 'watch'
            else 'healthy'
        end as verdict,
        case
            when measured.segment_id = 0 then 'the fallback is no segment to manage'
            when collected.severity is null then 'nothing could be measured yet'
            else coalesce(collected.faults, 'nothing is below its threshold')
        end as reason,
        {{ release_id() }} as release_id
    from measured
    inner join segments
        on
            measured.segmentation = segments.segmentation
            and measured.segment_id = segments.segment_id
    left join collected
        on
            measured.segmentation = collected.segmentation
            and measured.segment_id = collected.segment_id
            and measured.as_of_date = collected.as_of_date
)

select * from told
