with subjects as (
    select * from {{ ref('int_subjects__as_of') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

located as (
    select * from {{ ref('int_customers__located') }}
),

gaps as (
    select * from {{ ref('int_gaps__found') }}
),

judged as (
    select
        spec.segmentation,
        subjects.as_of_date,
        subjects.is_current,
        subjects.customer_id,
        subjects.spend_cents,
        case
            when
                spec.regions is not null
                and coalesce(
                    ', ' || spec.regions || ', ' not like '%, ' || located.region || ', %', true
                )
                then 'outside the regions of the pilot'
            when subjects.order_count = 0
                then 'no order before the as-of date'
            when subjects.spend_cents <= 0
                then 'unreliable: spend is not above zero'
            when
                subjects.order_count
                > spec.maximum_orders_per_active_day * subjects.active_day_count
                then 'unreliable: more orders a day than one customer makes'
            when
                not spec.includes_inactive
                and {{ days_between('subjects.last_order_date', 'subjects.as_of_date') }}
                > spec.inactive_after_days
                then 'inactive: no order within the days that the spec allows'
            when gaps.excluded_by is not null
                then 'incomplete: ' || gaps.excluded_by || ' is missing'
        end as exclusion_reason,
        case
            when subjects.order_count < spec.minimum_orders
                then 'fewer orders than the model needs'
            when gaps.flagged_by is not null
                then 'a feature of the model is missing: ' || gaps.flagged_by
        end as fallback_reason
    from subjects
    inner join spec on subjects.entity = spec.entity
    left join located on subjects.customer_id = located.customer_id
    left join gaps
        on
            spec.segmentation = gaps.segmentation
            and subjects.customer_id = gaps.customer_id
            and subjects.as_of_date = gaps.as_of_date
),

labelled as (
    select
        *,
        case
            when exclusion_reason is not null then 'excluded'
            when fallback_reason is not null then 'fallback'
            else 'model'
        end as status
    from judged
)

select * from labelled
