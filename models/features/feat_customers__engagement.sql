{% set devices = ['desktop', 'mobile', 'tablet'] %}
{% set channels = ['web', 'app', 'email', 'phone'] %}
{% set places = [['device', devices], ['channel', channels]] %}

with customers as (
    select * from {{ ref('int_customers__as_of') }}
),

interactions as (
    select * from {{ ref('int_interactions__as_of') }}
),

counted as (
    select
        customer_id,
        as_of_date,
        count(*) filter (where interaction_type = 'session') as session_count,
        count(*) filter (where interaction_type = 'page_view') as page_view_count,
        count(*) filter (where interaction_type = 'email_sent') as sent_count,
        count(*) filter (where interaction_type = 'email_open') as open_count,
        count(*) filter (where interaction_type = 'email_click') as click_count,
        min(days_ago) filter (where is_by_customer) as days_since_interaction,
        {% for column, values in places %}
        {% for value in values %}
        count(*) filter (where is_by_customer and {{ column }} = '{{ value }}')
            as {{ value }}_count,
        count(distinct occurred_on) filter (where is_by_customer and {{ column }} = '{{ value }}')
            as {{ value }}_day_count,
        {% endfor %}
        {% endfor %}
        count(*) filter (where is_by_customer) as interaction_count,
        count(distinct occurred_on) filter (where is_by_customer) as interaction_day_count
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
