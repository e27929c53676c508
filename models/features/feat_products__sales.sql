with products as (
    select * from {{ ref('int_products__as_of') }}
),

measured as (
    select
        product_key,
        as_of_date,
        {{ days_between('last_order_date', 'as_of_date') }} as days_since_sold,
        {{ days_between('first_order_date', 'as_of_date') }} as days_on_sale,
        order_count as orders_with_product,
        late_order_count as orders_with_product_30_days,
        {{ double('unit_count') }} as units_sold,
        amount_cents as revenue_cents,
        late_amount_cents as revenue_30_days_cents,
        {{ ratio('amount_cents', 'unit_count') }} as mean_price_cents,
        {{ ratio('reduced_line_count', 'line_count') }} as reduced_line_share,
        {{ ratio('return_line_count', 'line_count') }} as return_line_share,
        {{ ratio('weekend_order_count', 'order_count') }} as weekend_sales_share,
        first_purchase_count as buyer_count,
        {{ ratio('second_purchase_count', 'first_purchase_count') }} as repeat_buyer_share,
        {{ ratio('order_count', 'first_purchase_count') }} as orders_per_buyer
    from products
    where order_count > 0
)

select * from measured
