{% set attributes = var('audited_attributes') %}

with customers as (
    select * from {{ ref('customers') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
),

audited as (
    {% for attribute in attributes %}
    select '{{ attribute }}' as attribute
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

known as (
    select
        identity_map.customer_id,
        attributes.attribute,
        max(attributes.value) as value
    from attributes
    inner join identity_map
        on
            attributes.source = identity_map.source
            and attributes.source_customer_id = identity_map.source_customer_id
    where attributes.is_protected
    group by identity_map.customer_id, attributes.attribute
),

filled as (
    select
        customers.customer_id,
        audited.attribute,
        coalesce(known.value, 'unknown') as value
    from customers
    cross join audited
    left join known
        on
            customers.customer_id = known.customer_id
            and audited.attribute = known.attribute
)

select * from filled
