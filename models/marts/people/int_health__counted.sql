{#- Months with 1 to 4 customers have no figures here, so that nothing behind can tell them. -#}
{% set counts = ['customer_count', 'spend_30_days_cents', 'order_count_30_days'] %}

with metrics as (
    select * from {{ ref('segment_metrics') }}
),

transitions as (
    select * from {{ ref('segment_transitions') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

pivoted as (
    select
        segmentation,
        segment_id,
        as_of_date
        {%- for count in counts %},
        cast(max(case when metric = '{{ count }}' then value end) as bigint) as {{ count }}
        {%- endfor %},
        max(case when metric = 'lapsed_share' then value end) as lapsed_share
    from metrics
    group by segmentation, segment_id, as_of_date
),

arrived as (
    select segmentation, to_segment_id as segment_id, to_date, sum(customer_count) as entered_count
    from transitions
    where is_move
    group by segmentation, to_segment_id, to_date
),

departed as (
    select
        segmentation,
        from_segment_id as segment_id,
        to_date,
        sum(case when is_move then customer_count else 0 end) as left_count,
        sum(customer_count) as seen_count
    from transitions
    group by segmentation, from_segment_id, to_date
),

counted as (
    select
        pivoted.segmentation,
        pivoted.segment_id,
        pivoted.as_of_date,
        as_of_dates.months_before,
        {%- for count in counts %}
        {{ told('pivoted.' ~ count, 'pivoted.customer_count') }} as {{ count }},
        {%- endfor %}
        {{ told('pivoted.lapsed_share', 'pivoted.customer_count') }} as lapsed_share,
        case
            when departed.seen_count > 0
                then cast(coalesce(arrived.entered_count, 0) as bigint)
        end as entered_count,
        cast(departed.left_count as bigint) as left_count,
        cast(departed.seen_count as bigint) as seen_count,
        1 - {{ ratio('departed.left_count', 'departed.seen_count') }} as stayed_share
    from pivoted
    inner join as_of_dates on pivoted.as_of_date = as_of_dates.as_of_date
    left join arrived
        on
            pivoted.segmentation = arrived.segmentation
            and pivoted.segment_id = arrived.segment_id
            and pivoted.as_of_date = arrived.to_date
    left join departed
        on
            pivoted.segmentation = departed.segmentation
            and pivoted.segment_id = departed.segment_id
            and pivoted.as_of_date = departed.to_date
),

told as (
    select
        segmentation,
        segment_id,
        as_of_date,
        months_before,
        customer_count,
        spend_30_days_cents,
        order_count_30_days,
        lapsed_share,
        {{ told('entered_count', 'entered_count') }} as entered_count,
        {{ told('left_count', 'left_count') }} as left_count,
        {{ told('seen_count', 'seen_count') }} as seen_count,
        {{ told('stayed_share', 'seen_count') }} as stayed_share
    from counted
)

select * from told
