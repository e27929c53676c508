{% set moments = {
    'orders': 'order_date',
    'interactions': 'occurred_on',
    'campaign_contacts': 'contacted_on',
    'campaign_responses': 'responded_on',
    'consents': 'valid_from',
    'identifiers': 'observed_at',
} %}

with events as (
    {% for entity, moment in moments.items() %}
    select
        source,
        '{{ entity }}' as entity,
        cast({{ moment }} as date) as event_date
    from {{ ref('input_' ~ entity) }}
    where cast({{ moment }} as date) <= {{ latest_plausible_date() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

latest as (
    select
        {% if var('as_of') %}
        max(cast('{{ var("as_of") }}' as date)) as as_of_date
        {% else %}
        {{ move_date('max(event_date)', 'day', 1) }} as as_of_date
        {% endif %}
    from events
),

dated as (
    select
        events.source,
        events.entity,
        min(events.event_date) as first_event_date,
        max(events.event_date) as last_event_date,
        count(*) as event_count,
        latest.as_of_date,
        {{ days_between('max(events.event_date)', 'latest.as_of_date') }} as lag_days
    from events
    cross join latest
    where events.event_date < latest.as_of_date
    group by events.source, events.entity, latest.as_of_date
)

select * from dated
