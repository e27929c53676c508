with orders as (
    select * from {{ ref('int_orders__judged') }}
),

totals as (
    select * from {{ ref('int_orders__totalled') }}
),

compared as (
    select
        orders.source,
        coalesce(orders.currency, '{{ var("reporting_currency") }}') as currency,
        orders.rejection_rule is null as is_kept,
        coalesce(orders.rejection_rule, '') = '{{ guest_rule() }}' as is_guest,
        case
            when totals.order_id is null then 'without_lines'
            when totals.customer_id is null then 'without_person'
            when orders.status = 'cancelled' then 'cancelled'
            when totals.line_count = 0 or totals.uncounted_reason is not null then 'uncounted'
            else 'counted'
        end as verdict,
        orders.header_amount_cents,
        coalesce(totals.original_amount_cents, 0) as lines_cents,
        coalesce(orders.tax_cents, 0) as tax_cents,
        coalesce(orders.freight_cents, 0) as freight_cents,
        orders.rejection_rule is null and orders.header_amount_cents is not null as has_header
    from orders
    left join totals on orders.source = totals.source and orders.order_id = totals.order_id
),

counted as (
    select
        source,
        currency,
        count(*) as orders_received,
        count(case when is_guest then 1 end) as orders_of_guests,
        count(case when not is_kept and not is_guest then 1 end) as orders_quarantined,
        {%- for verdict in [
            'without_lines', 'without_person', 'cancelled', 'uncounted', 'counted',
        ] %}
        count(case when is_kept and verdict = '{{ verdict }}' then 1 end) as orders_{{ verdict }},
        {%- endfor %}
        count(case when has_header then 1 end) as orders_with_header,
        count(
            case
                when
                    has_header
                    and header_amount_cents != lines_cents + tax_cents + freight_cents
                    then 1
            end
        ) as orders_that_differ,
        {%- for column in ['amount', 'lines', 'tax', 'freight'] %}
        {%- set name = 'header_amount_cents' if column == 'amount' else column ~ '_cents' %}
        cast(coalesce(sum(case when has_header then {{ name }} end), 0) as bigint)
            as header_{{ column }}_cents{{ ',' if not loop.last }}
        {%- endfor %}
    from compared
    group by source, currency
)

select * from counted
