with order_lines as (
    select * from {{ ref('int_order_lines__judged') }}
),

orders as (
    select * from {{ ref('int_orders__judged') }}
    where copy_number = 1
),

placed as (
    select
        order_lines.source,
        case
            when orders.order_id is null then 'unknown'
            else coalesce(orders.currency, '{{ var("reporting_currency") }}')
        end as currency,
        order_lines.amount_cents,
        order_lines.rejection_rule is not null as is_quarantined,
        orders.rejection_rule = '{{ guest_rule() }}' as is_guest
    from order_lines
    left join orders
        on order_lines.source = orders.source and order_lines.order_id = orders.order_id
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
                        when is_quarantined and not coalesce(is_guest, false) then amount_cents
                    end
                ), 0
            ) as bigint
        ) as quarantined_cents
    from placed
    group by source, currency
)

select * from summed
