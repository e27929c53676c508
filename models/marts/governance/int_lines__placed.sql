with order_lines as {{ inlined() }} (
    select * from {{ ref('int_order_lines__judged') }}
),

orders as {{ inlined() }} (
    select
        source,
        order_id,
        rejection_rule,
        coalesce(currency, '{{ var("reporting_currency") }}') as order_currency,
        coalesce(rejection_rule = '{{ guest_rule() }}', false) as is_guest
    from {{ ref('int_orders__judged') }}
    where copy_number = 1
),

foreign_orders as (
    select source, order_id, order_currency
    from orders
    where rejection_rule is null and order_currency != '{{ var("reporting_currency") }}'
),

kept as (
    select
        order_lines.source,
        coalesce(foreign_orders.order_currency, '{{ var("reporting_currency") }}') as currency,
        order_lines.amount_cents,
        false as is_quarantined,
        false as is_guest
    from order_lines
    left join foreign_orders
        on
            order_lines.source = foreign_orders.source
            and order_lines.order_id = foreign_orders.order_id
    where order_lines.rejection_rule is null
),

quarantined as (
    select
        order_lines.source,
        coalesce(orders.order_currency, 'unknown') as currency,
        order_lines.amount_cents,
        true as is_quarantined,
        coalesce(orders.is_guest, false) as is_guest
    from order_lines
    left join orders
        on order_lines.source = orders.source and order_lines.order_id = orders.order_id
    where order_lines.rejection_rule is not null
),

placed as (
    select * from kept
    union all
    select * from quarantined
),

summed as (
    select
        source,
        currency,
        count(*) as line_count,
        cast(coalesce(sum(amount_cents), 0) as bigint) as received_cents,
        cast(
            coalesce(sum(case when is_quarantined and is_guest then amount_cents end), 0) as bigint
        ) as guest_cents,
        cast(
            coalesce(
                sum(
                    case
                        when is_quarantined and not is_guest then amount_cents
                    end
                ), 0
            ) as bigint
        ) as quarantined_cents
    from placed
    group by source, currency
)

select * from summed
