with orders as (
    select * from {{ ref('int_orders__valued') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

located as (
    select * from {{ ref('int_customers__located') }}
),

context as (
    select * from {{ ref('input_context') }}
),

licensed as (
    select distinct region, context_type, context_date
    from context
    where trim(licence) != ''
),

holidays as (
    select distinct region, context_date
    from licensed
    where context_type = 'holiday'
),

promotions as (
    select distinct region, {{ dbt.date_trunc('week', 'context_date') }} as promoted_week
    from licensed
    where context_type = 'promotion'
),

marked as (
    select
        orders.customer_id,
        orders.source,
        orders.order_id,
        orders.order_date,
        max(case when holidays.region is not null then 1 else 0 end) as is_holiday,
        max(case when promotions.region is not null then 1 else 0 end) as is_promoted
    from orders
    left join located on orders.customer_id = located.customer_id
    left join holidays
        on
            orders.order_date = holidays.context_date
            and holidays.region in ('*', located.region)
    left join promotions
        on
            {{ dbt.date_trunc('week', 'orders.order_date') }} = promotions.promoted_week
            and promotions.region in ('*', located.region)
    group by orders.customer_id, orders.source, orders.order_id, orders.order_date
),

measured as (
    select
        marked.customer_id,
        as_of_dates.as_of_date,
        {{ ratio('sum(marked.is_holiday)', 'count(*)') }} as holiday_order_share,
        {{ ratio('sum(marked.is_promoted)', 'count(*)') }} as promotion_week_order_share
    from marked
    inner join as_of_dates on marked.order_date < as_of_dates.as_of_date
    group by marked.customer_id, as_of_dates.as_of_date
)

select * from measured
