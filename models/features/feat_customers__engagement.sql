{{ config(pre_hook='{{ remove_stale(this) }}') }}
{% set devices = ['desktop', 'mobile', 'tablet'] %}
{% set channels = ['web', 'app', 'email', 'phone'] %}
{% set places = [['device', devices], ['channel', channels]] %}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
    where {{ is_stale() }}
),

interactions as (
    select * from {{ ref('int_interactions__as_of') }}
),

counted as (
    select
        customer_id,
        as_of_date,
        count(case when interaction_type = 'session' then 1 end) as session_count,
        count(case when interaction_type = 'page_view' then 1 end) as page_view_count,
        count(case when interaction_type = 'email_sent' then 1 end) as sent_count,
        count(case when interaction_type = 'email_open' then 1 end) as open_count,
        count(case when interaction_type = 'email_click' then 1 end) as click_count,
        min(case when is_by_customer then days_ago end) as days_since_interaction,
        {% for column, values in places %}
        {% for value in values %}
        count(case when is_by_customer and {{ column }} = '{{ value }}' then 1 end)
            as {{ value }}_count,
        count(
            distinct case when is_by_customer and {{ column }} = '{{ value }}' then occurred_on end
        ) as {{ value }}_day_count,
        {% endfor %}
        {% endfor %}
        count(case when is_by_customer then 1 end) as interaction_count,
        count(distinct case when is_by_customer then occurred_on end) as interaction_day_count
    from interactions
    group by customer_id, as_of_date
),

measured as (
    select
        customers.customer_id,
        customers.as_of_date,
        coalesce(counted.session_count, 0) as session_count,
        {{ ratio('counted.page_view_count', 'counted.session_count') }} as page_views_per_session,
        {{ ratio('counted.open_count', 'counted.sent_count') }} as email_open_rate,
        {{ ratio('counted.click_count', 'counted.sent_count') }} as email_click_rate,
        counted.days_since_interaction,
        {% for column, values in places %}
        {% for value in values %}
        {{ ratio('counted.' ~ value ~ '_count', 'counted.' ~ value ~ '_day_count') }}
            as {{ value }}_interactions_per_active_day,
        {% endfor %}
        {% endfor %}
        {{ ratio('counted.interaction_count', 'counted.interaction_day_count') }}
            as interactions_per_active_day
    from customers
    left join counted
        on
            customers.customer_id = counted.customer_id
            and customers.as_of_date = counted.as_of_date
    where customers.order_count > 0
)

select * from measured
