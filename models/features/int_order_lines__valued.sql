{{ config(pre_hook='{{ remove_keys(this, ref("int_orders__changed"), ["source", "order_id"]) }}') }}
{{ config(**layout('customer_id', 'order_date')) }}
-- depends_on: {{ ref('int_customers__touched') }}
{% set reasons = uncounted_reasons() %}
{% set other_types = ['freight', 'tax', 'fee', 'gift_card', 'adjustment'] %}

with order_lines as (
    select * from {{ ref('input_order_lines') }}
),

orders as (
    select * from {{ ref('input_orders') }}
    {{ only_keys(ref('input_orders'), ref('int_orders__changed'), ['source', 'order_id']) }}
),

rates as (
    select * from {{ ref('int_exchange_rates__dated') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

rated as (
    select
        orders.*,
        rates.rate,
        rates.currency as order_currency,
        customer_records.customer_id
    from orders
    inner join rates
        on
            coalesce(orders.currency, '{{ var("reporting_currency") }}') = rates.currency
            and orders.order_date >= rates.valid_from
            and (rates.valid_until is null or orders.order_date < rates.valid_until)
    left join customer_records
        on
            orders.source = customer_records.source
            and orders.source_customer_id = customer_records.source_customer_id
),

returned as (
    select distinct rated.source, rated.order_id
    from rated
    inner join order_lines
        on rated.source = order_lines.source and rated.order_id = order_lines.order_id
    where rated.status = 'returned' and order_lines.amount_cents < 0
),

valued as (
    select
        rated.customer_id,
        order_lines.source,
        order_lines.order_id,
        order_lines.product_id,
        rated.order_date,
        rated.order_currency as currency,
        order_lines.line_type,
        order_lines.quantity,
        order_lines.amount_cents as original_amount_cents,
        {{ convert_cents('order_lines.amount_cents', 'rated.rate') }} as amount_cents,
        {{ convert_cents('order_lines.discount_cents', 'rated.rate') }} as discount_cents,
        {{ convert_cents('order_lines.coupon_cents', 'rated.rate') }} as coupon_cents,
        case
            when rated.customer_id is null then '{{ reasons.without_person }}'
            when rated.status = 'cancelled' then '{{ reasons.cancelled }}'
            {% for type in other_types %}
            when order_lines.line_type = '{{ type }}' then '{{ reasons[type] }}'
            {% endfor %}
            when rated.status = 'returned' and returned.order_id is null
                then '{{ reasons.returned_whole }}'
        end as uncounted_reason
    from order_lines
    inner join rated
        on order_lines.source = rated.source and order_lines.order_id = rated.order_id
    left join returned
        on order_lines.source = returned.source and order_lines.order_id = returned.order_id
),

judged as (
    select *, uncounted_reason is null as is_counted
    from valued
)

select * from judged
