with judged as (
    select * from {{ ref('int_orders__judged') }}
),

kept as (
    select
        source,
        order_id,
        source_customer_id,
        ordered_at,
        order_date,
        order_hour,
        location_id,
        channel
    from judged
    where rejection_rule is null
)

select * from kept
