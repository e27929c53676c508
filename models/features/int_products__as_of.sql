with products as (
    select * from {{ ref('input_products') }}
),

orders as (
    select * from {{ ref('int_products__ordered') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

asked as (
    select distinct entity
    from {{ ref('segmentation_spec') }}
    where entity = 'product'
),

known as (
    select source, product_id from products
    union
    select source, product_id from orders
),

crossed as (
    select
        known.source,
        known.product_id,
        as_of_dates.as_of_date,
        as_of_dates.is_current
    from known
    cross join as_of_dates
    cross join asked
),

bought as (
    select
        orders.source,
        orders.product_id,
        as_of_dates.as_of_date,
        orders.customer_id,
        count(*) as order_count,
        {%- for column in ['line', 'reduced_line', 'return_line', 'unit'] %}
        sum(orders.{{ column }}_count) as {{ column }}_count,
        {%- endfor %}
        sum(orders.amount_cents) as amount_cents,
        count(*) filter (where {{ is_weekend('orders.order_date') }}) as weekend_order_count,
        {% set is_late -%}
            {{ days_between('orders.order_date', 'as_of_dates.as_of_date') }} <= 30
        {%- endset %}
        count(*) filter (where {{ is_late }}) as late_order_count,
        sum(orders.amount_cents) filter (where {{ is_late }}) as late_amount_cents,
        min(orders.order_date) as first_order_date,
        max(orders.order_date) as last_order_date
    from orders
    inner join as_of_dates on orders.order_date < as_of_dates.as_of_date
    group by orders.source, orders.product_id, as_of_dates.as_of_date, orders.customer_id
),

summed as (
    select
        crossed.source,
        crossed.product_id,
        crossed.as_of_date,
        crossed.is_current,
        {%- for column in [
            'order_count', 'line_count', 'reduced_line_count', 'return_line_count',
            'weekend_order_count', 'amount_cents', 'late_order_count', 'late_amount_cents',
        ] %}
        cast(coalesce(sum(bought.{{ column }}), 0) as bigint) as {{ column }},
        {%- endfor %}
        coalesce(sum(bought.unit_count), 0) as unit_count,
        count(bought.customer_id) as buyer_count,
        count(*) filter (where bought.order_count > 1) as repeat_buyer_count,
        min(bought.first_order_date) as first_order_date,
        max(bought.last_order_date) as last_order_date
    from crossed
    left join bought
        on
            crossed.source = bought.source
            and crossed.product_id = bought.product_id
            and crossed.as_of_date = bought.as_of_date
    group by crossed.source, crossed.product_id, crossed.as_of_date, crossed.is_current
),

keyed as (
    select
        {{ product_key('source', 'product_id') }} as product_key,
        *
    from summed
)

select * from keyed
