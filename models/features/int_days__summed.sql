{{ config(pre_hook='{{ remove_keys(this, ref("int_customers__touched"), ["customer_id"]) }}') }}

with orders as (
    select * from {{ ref('int_orders__valued') }}
    {{ only_keys(ref('int_orders__valued'), ref('int_customers__touched'), ['customer_id']) }}
),

located as (
    select * from {{ ref('int_customers__located') }}
),

context as (
    select * from {{ ref('input_context') }}
),

summed as (
    select
        customer_id,
        order_date,
        count(*) as order_count,
        cast(sum(amount_cents) as bigint) as spend_cents
    from orders
    group by customer_id, order_date
),

holidays as (
    select distinct region, context_date
    from context
    where context_type = 'holiday' and trim(licence) != ''
),

promotions as (
    select distinct region, {{ dbt.date_trunc('week', 'context_date') }} as promoted_week
    from context
    where context_type = 'promotion' and trim(licence) != ''
),

spaced as (
    select
        *,
        lag(order_date) over (
            partition by customer_id
            order by order_date
        ) as previous_date,
        {{ dbt.date_trunc('week', 'order_date') }} as order_week
    from summed
),

marked as (
    select
        spaced.customer_id,
        spaced.order_date,
        spaced.order_count,
        spaced.spend_cents,
        {{ days_between('spaced.previous_date', 'spaced.order_date') }} as gap_days,
        case
            when {{ months_between('spaced.previous_date', 'spaced.order_date') }} = 0 then 0
            else 1
        end as opened_month_count,
        case
            when holidays.region is not null or local_holidays.region is not null
                then spaced.order_count
            else 0
        end as holiday_order_count,
        case
            when promotions.region is not null or local_promotions.region is not null
                then spaced.order_count
            else 0
        end as promotion_week_order_count
    from spaced
    left join located on spaced.customer_id = located.customer_id
    left join holidays
        on spaced.order_date = holidays.context_date and holidays.region = '*'
    left join holidays as local_holidays
        on
            spaced.order_date = local_holidays.context_date
            and located.region = local_holidays.region
    left join promotions
        on spaced.order_week = promotions.promoted_week and promotions.region = '*'
    left join promotions as local_promotions
        on
            spaced.order_week = local_promotions.promoted_week
            and located.region = local_promotions.region
    {{ in_order_of('spaced.customer_id') }}
)

select * from marked
