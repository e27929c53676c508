{{ config(
    pre_hook='{{ remove_keys(this, ref("int_orders__changed"), ["source", "order_id"]) }}',
    post_hook='{{ remaining_passes(this, buckets_of([ref("input_order_lines")])) }}'
) }}
{{ config(**layout('customer_id', 'order_date')) }}
-- depends_on: {{ ref('int_customers__touched') }}, {{ ref('int_as_of_dates__kept') }}

with orders as (
    select * from {{ ref('input_orders') }}
    {{ only_keys(ref('input_orders'), ref('int_orders__changed'), ['source', 'order_id']) }}
),

order_lines as (
    select * from {{ ref('input_order_lines') }}
    {{ only_keys(ref('input_order_lines'), ref('int_orders__changed'), ['source', 'order_id']) }}
),

rates as (
    select * from {{ ref('int_exchange_rates__dated') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

rated as {{ inlined() }} (
    select
        orders.*,
        rates.rate,
        rates.currency as order_currency
    from orders
    inner join rates on {{ is_rate_of('orders') }}
    where {{ in_bucket('orders.order_id', [ref('input_order_lines')]) }}
),

foreign_orders as (
    select source, order_id, rate
    from rated
    where rate != 1
),

valued as (
    select
        order_lines.source,
        order_lines.order_id,
        order_lines.amount_cents as original_amount_cents,
        order_lines.line_type = 'product' as is_product,
        cast(round(greatest(coalesce(order_lines.quantity, 0), 0), 0) as bigint) as unit_count,
        {% for column in ['amount_cents', 'discount_cents', 'coupon_cents'] %}
        {{ convert_cents('order_lines.' ~ column, 'coalesce(foreign_orders.rate, 1)') }}
            as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from order_lines
    left join foreign_orders
        on
            order_lines.source = foreign_orders.source
            and order_lines.order_id = foreign_orders.order_id
    where {{ in_bucket('order_lines.order_id', [ref('input_order_lines')]) }}
),

summed as (
    select
        source,
        order_id,
        cast(sum(original_amount_cents) as bigint) as original_amount_cents,
        min(original_amount_cents) as smallest_amount_cents,
        count(case when is_product then 1 end) as line_count,
        {% for column in ['unit_count', 'amount_cents', 'discount_cents', 'coupon_cents'] %}
        cast(sum(case when is_product then {{ column }} end) as bigint) as {{ column }},
        {% endfor %}
        count(case when is_product and discount_cents + coupon_cents > 0 then 1 end)
            as discounted_line_count
    from valued
    group by source, order_id
),

totalled as (
    select
        customer_records.customer_id,
        rated.source,
        rated.order_id,
        rated.order_date,
        rated.order_hour,
        rated.location_id,
        nullif(rated.channel, 'unknown') as channel,
        rated.order_currency as currency,
        rated.rate,
        {% for column in [
            'original_amount_cents', 'line_count', 'unit_count', 'amount_cents', 'discount_cents',
            'coupon_cents', 'discounted_line_count',
        ] %}
        summed.{{ column }},
        {% endfor %}
        case
            when customer_records.customer_id is null
                then '{{ uncounted_reasons().without_person }}'
            when rated.status = 'cancelled' then '{{ uncounted_reasons().cancelled }}'
            when rated.status = 'returned' and summed.smallest_amount_cents >= 0
                then '{{ uncounted_reasons().returned_whole }}'
        end as uncounted_reason
    from rated
    inner join summed on rated.source = summed.source and rated.order_id = summed.order_id
    left join customer_records
        on
            rated.source = customer_records.source
            and rated.source_customer_id = customer_records.source_customer_id
    {{ in_order_of('customer_records.customer_id') }}
)

select * from totalled
