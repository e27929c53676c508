with orders as (
    select * from {{ ref('input_orders') }}
),

latest as (
    select
        {% if var('as_of') %}
        max(cast('{{ var("as_of") }}' as date)) as current_as_of_date
        {% else %}
        {{ move_date('max(order_date)', 'day', 1) }} as current_as_of_date
        {% endif %}
    from orders
),

replayed as (
    {% for months in range(var('replay_months') + 1) %}
    select
        {% if months == 0 %}
        current_as_of_date as as_of_date,
        {% else %}
        {{ move_date(dbt.date_trunc('month', 'current_as_of_date'), 'month', -months) }}
            as as_of_date,
        {% endif %}
        {{ months }} as months_before,
        {{ 'true' if months == 0 else 'false' }} as is_current
    from latest
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated as (
    select *
    from replayed
    where as_of_date is not null
)

select * from dated
