{% set counts = [
    'order_count', 'first_purchase_count', 'second_purchase_count', 'line_count',
    'reduced_line_count', 'return_line_count', 'amount_cents',
] %}
{% set is_late %}sold.order_date >= {{ move_date('crossed.as_of_date', 'day', -30) }}{% endset %}

with products as (
    select * from {{ ref('input_products') }}
),

sold as (
    select * from {{ ref('int_products__sold') }}
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
    select distinct source, product_id
    from (
        select source, product_id from products
        union all
        select source, product_id from sold
    ) as listed
),

crossed as (
    select
        {{ product_key('known.source', 'known.product_id') }} as product_key,
        known.source,
        known.product_id,
        as_of_dates.as_of_date,
        as_of_dates.is_current
    from known
    cross join as_of_dates
    cross join asked
),

summed as (
    select
        crossed.product_key,
        crossed.source,
        crossed.product_id,
        crossed.as_of_date,
        crossed.is_current,
        {%- for count in counts %}
        cast(coalesce(sum(sold.{{ count }}), 0) as bigint) as {{ count }},
        {%- endfor %}
        {%- for count in ['order_count', 'amount_cents'] %}
        cast(coalesce(sum(case when {{ is_late }} then sold.{{ count }} end), 0) as bigint)
            as late_{{ count }},
        {%- endfor %}
        {{ double('coalesce(sum(cast(sold.unit_count as decimal(38, 3))), 0)') }} as unit_count,
        cast(
            coalesce(
                sum(case when {{ is_weekend('sold.order_date') }} then sold.order_count end), 0
            ) as bigint
        ) as weekend_order_count,
        min(sold.order_date) as first_order_date,
        max(sold.order_date) as last_order_date
    from crossed
    left join sold
        on
            crossed.source = sold.source
            and crossed.product_id = sold.product_id
            and sold.order_date < crossed.as_of_date
    group by
        crossed.product_key, crossed.source, crossed.product_id, crossed.as_of_date,
        crossed.is_current
)

select * from summed
