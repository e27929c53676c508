-- Which way of segmenting the data can carry, by four plain rules, the first that holds:
-- few repeat buyers, a short history, few customers, else a fitted model.
with customers as (
    select * from {{ ref('int_customers__as_of') }}
),

measured as (
    select
        as_of_date,
        count(case when order_count > 0 then 1 end) as customer_count,
        {{ ratio(
            'count(case when order_count > 1 then 1 end)',
            'count(case when order_count > 0 then 1 end)'
        ) }} as repeat_rate,
        {{ days_between('min(first_order_date)', 'as_of_date') }} as history_days,
        {{ middle('case when order_count > 0 then order_count end') }} as median_order_count
    from customers
    where is_current
    group by as_of_date
),

advised as (
    select
        as_of_date,
        customer_count,
        round(repeat_rate, 3) as repeat_rate,
        history_days,
        median_order_count,
        case
            when coalesce(repeat_rate, 0) < 0.2 then 'rules on the first order'
            when history_days < 180 then 'recency, frequency and monetary scores'
            when customer_count < 500 then 'recency, frequency and monetary scores'
            else 'a fitted model'
        end as recommended_method,
        case
            when coalesce(repeat_rate, 0) < 0.2
                then 'fewer than one in five customers bought twice: frequency says little'
            when history_days < 180
                then 'less than 180 days of history: no window to predict and to judge on'
            when customer_count < 500
                then 'fewer than 500 customers: segments of a twentieth would have under 25'
            else 'repeat buyers, history and customers suffice to fit and to judge out of time'
        end as reason
    from measured
)

select * from advised
