with products as (
    select * from {{ ref('int_products__as_of') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

sold as (
    select * from {{ ref('int_products__sold') }}
),

windows as (
    select distinct outcome_window_days as window_days
    from {{ ref('segmentation_spec') }}
    where entity = 'product'
),

latest as (
    select max(as_of_date) as current_as_of_date
    from as_of_dates
),

complete as (
    select
        products.product_key,
        products.source,
        products.product_id,
        products.as_of_date,
        windows.window_days,
        {{ move_date('products.as_of_date', 'day', 'windows.window_days') }} as window_ends_on
    from products
    cross join windows
    cross join latest
    where
        products.order_count > 0
        and {{ move_date('products.as_of_date', 'day', 'windows.window_days') }}
        <= latest.current_as_of_date
),

ordered as (
    select
        complete.product_key,
        complete.as_of_date,
        complete.window_days,
        cast(coalesce(sum(sold.order_count), 0) as bigint) as order_count,
        cast(coalesce(sum(sold.amount_cents), 0) as bigint) as revenue_cents,
        {{ double('coalesce(sum(cast(sold.unit_count as decimal(38, 3))), 0)') }} as unit_count
    from complete
    left join sold
        on
            complete.source = sold.source
            and complete.product_id = sold.product_id
            and sold.order_date >= complete.as_of_date
            and sold.order_date < complete.window_ends_on
    group by complete.product_key, complete.as_of_date, complete.window_days
),

measured as (
    select
        *,
        case when order_count > 0 then 1 else 0 end as is_active
    from ordered
)

select * from measured
