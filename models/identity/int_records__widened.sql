{% set attributes = [
    'first_name', 'last_name', 'birth_date', 'national_id', 'email', 'phone', 'street', 'postcode',
    'city', 'region',
] %}

with customers as (
    select * from {{ ref('input_customers') }}
),

identifiers as (
    select * from {{ ref('int_identifiers__normalised') }}
),

nicknames as (
    select * from {{ ref('identity_nicknames') }}
),

preferred as (
    select * from identifiers
    where preference = 1
),

pivoted as (
    select
        source,
        source_customer_id,
        {%- for attribute in attributes %}
        max(
            case when identifier_type = '{{ attribute }}' then normalised_value end
        ) as {{ attribute }},
        {%- endfor %}
        count(
            case when identifier_type not in ('device_id', 'cookie_id') then normalised_value end
        ) as known_count
    from preferred
    group by source, source_customer_id
),

widened as (
    select
        row_number() over (
            order by customers.source, customers.source_customer_id
        ) as record_number,
        customers.source,
        customers.source_customer_id,
        {%- for attribute in attributes %}
        pivoted.{{ attribute }},
        {%- endfor %}
        coalesce(nicknames.name, pivoted.first_name) as first_name_root,
        coalesce(pivoted.known_count, 0) > 0 as is_known
    from customers
    left join pivoted
        on
            customers.source = pivoted.source
            and customers.source_customer_id = pivoted.source_customer_id
    left join nicknames on pivoted.first_name = nicknames.nickname
)

select * from widened
