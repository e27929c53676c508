{% set words = uncounted_reasons().keys() | list %}

with quality as (
    select * from {{ ref('data_quality_results') }}
),

lines as (
    select * from {{ ref('order_reconciliation') }}
),

orders as (
    select * from {{ ref('int_orders__valued') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

rfm as (
    select * from {{ ref('feat_customers__rfm') }}
),

sales as (
    select * from {{ ref('feat_products__sales') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

audit as (
    select * from {{ ref('population_audit') }}
),

segments as (
    select * from {{ ref('segments') }}
),

received as (
    select
        '*' as segmentation,
        sum(amount_cents_in) as received_cents,
        sum(amount_cents_quarantined) as quarantined_cents
    from quality
    where rule = 'all rules'
),

kept as (
    select
        sum(kept_reporting_cents - {{ words | join('_cents - ') }}_cents - spend_cents)
            as conversion_cents,
        sum(without_person_reporting_cents) as without_person_cents,
        sum(kept_reporting_cents - spend_reporting_cents - without_person_reporting_cents)
            as uncounted_cents
    from lines
),

later as (
    select coalesce(sum(orders.amount_cents), 0) as later_cents
    from orders
    inner join as_of_dates
        on as_of_dates.is_current and orders.order_date >= as_of_dates.as_of_date
),

featured as (
    select 'customer' as entity, coalesce(sum(rfm.spend_cents), 0) as features_cents
    from rfm
    inner join as_of_dates on as_of_dates.is_current and rfm.as_of_date = as_of_dates.as_of_date
    union all
    select 'product' as entity, coalesce(sum(sales.revenue_cents), 0) as features_cents
    from sales
    inner join as_of_dates on as_of_dates.is_current and sales.as_of_date = as_of_dates.as_of_date
),

left_out as (
    select
        audit.segmentation,
        sum(case when audit.is_in then 0 else audit.spend_cents end) as left_out_cents
    from audit
    inner join as_of_dates
        on as_of_dates.is_current and audit.as_of_date = as_of_dates.as_of_date
    group by audit.segmentation
),

segmented as (
    select segmentation, sum(spend_cents) as segments_cents
    from segments
    group by segmentation
),

reconciled as (
    select
        left_out.segmentation,
        cast(received.received_cents as bigint) as received_cents,
        cast(received.quarantined_cents as bigint) as quarantined_cents,
        cast(coalesce(kept.conversion_cents, 0) as bigint) as conversion_cents,
        cast(coalesce(kept.without_person_cents, 0) as bigint) as without_person_cents,
        cast(coalesce(kept.uncounted_cents, 0) as bigint) as uncounted_cents,
        cast(later.later_cents as bigint) as later_cents,
        cast(featured.features_cents as bigint) as features_cents,
        cast(left_out.left_out_cents as bigint) as left_out_cents,
        cast(coalesce(segmented.segments_cents, 0) as bigint) as segments_cents,
        {{ release_id() }} as release_id
    from left_out
    cross join received
    cross join kept
    cross join later
    inner join spec on left_out.segmentation = spec.segmentation
    inner join featured on spec.entity = featured.entity
    left join segmented on left_out.segmentation = segmented.segmentation
)

select * from reconciled
