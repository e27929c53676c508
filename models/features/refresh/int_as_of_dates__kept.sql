{% set carried = carries_on() %}
{% set before = relation_of_last_run('features', 'int_as_of_dates__remembered') if carried %}
{% set orders_before = relation_of_last_run('features', 'int_orders__totalled') if carried %}

with as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

changed_orders as {{ inlined() }} (
    select * from {{ ref('int_orders__changed') }}
),

orders as (
    select * from {{ ref('input_orders') }}
),

order_lines as (
    select * from {{ ref('input_order_lines') }}
),

products as (
    select * from {{ ref('int_products__changed') }}
),

records as {{ inlined() }} (
    select * from {{ ref('int_records__changed') }}
),

events as (
    select * from {{ ref('int_events__changed') }}
),

interactions as (
    select * from {{ ref('input_interactions') }}
),

contacts as (
    select * from {{ ref('input_campaign_contacts') }}
),

relationships as (
    select * from {{ ref('input_relationships') }}
),

legacy_segments as (
    select * from {{ ref('input_legacy_segments') }}
),

{% if before %}
changed as (
    select orders.order_date as changed_on
    from orders
    inner join changed_orders
        on orders.source = changed_orders.source and orders.order_id = changed_orders.order_id
    union all
    select earlier.order_date
    from {{ orders_before }} as earlier
    inner join changed_orders
        on earlier.source = changed_orders.source and earlier.order_id = changed_orders.order_id
    union all
    select earlier.order_date
    from order_lines
    inner join products
        on order_lines.source = products.source and order_lines.product_id = products.product_id
    inner join {{ orders_before }} as earlier
        on order_lines.source = earlier.source and order_lines.order_id = earlier.order_id
    union all
    select coalesce(event_date, {{ no_day() }})
    from events
    union all
    select coalesce(contacts.contacted_on, {{ no_day() }})
    from contacts
    inner join records on {{ same_key('contacts', 'records', ['source', 'source_customer_id']) }}
    union all
    select coalesce(interactions.occurred_on, {{ no_day() }})
    from interactions
    inner join records
        on {{ same_key('interactions', 'records', ['source', 'source_customer_id']) }}
    union all
    select coalesce(relationships.started_on, {{ no_day() }})
    from relationships
    inner join records
        on
            relationships.source = records.source
            and records.source_customer_id
            in (relationships.source_customer_id, relationships.related_customer_id)
    union all
    select {{ no_day() }}
    from legacy_segments
    inner join records
        on {{ same_key('legacy_segments', 'records', ['source', 'source_customer_id']) }}
),

kept as (
    select as_of_dates.as_of_date
    from as_of_dates
    inner join {{ before }} as before
        on
            as_of_dates.as_of_date = before.as_of_date
            and as_of_dates.is_current = before.is_current
    where as_of_dates.as_of_date <= coalesce(
        (select min(changed_on) from changed), as_of_dates.as_of_date
    )
)
{% else %}
kept as (
    select as_of_date
    from as_of_dates
    where 1 = 0
)
{% endif %}

select * from kept
