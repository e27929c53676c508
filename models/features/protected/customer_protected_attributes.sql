{% set attributes = var('audited_attributes') %}

with customers as (
    select * from {{ ref('customers') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

audited as (
    {% for attribute in attributes %}
    select '{{ attribute }}' as attribute
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

known as (
    select
        customer_records.customer_id,
        attributes.attribute,
        max(attributes.value) as value
    from attributes
    inner join customer_records
        on
            attributes.source = customer_records.source
            and attributes.source_customer_id = customer_records.source_customer_id
    where attributes.is_protected
    group by customer_records.customer_id, attributes.attribute
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
