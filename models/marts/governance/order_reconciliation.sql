{% set words = uncounted_reasons().keys() | list + ['sales', 'returns'] %}

with received as (
    select * from {{ ref('int_lines__placed') }}
),

orders as (
    select * from {{ ref('int_orders__headed') }}
),

kept as (
    select
        *,
        case
            when not is_counted then uncounted_reason
            when original_amount_cents < 0 then 'returns'
            else 'sales'
        end as verdict
    from {{ ref('int_order_lines__valued') }}
),

split as (
    select
        source,
        currency,
        {%- for word in words %}
        {%- set verdict = uncounted_reasons().get(word, word) %}
        cast(sum(
            case when verdict = '{{ verdict }}' then original_amount_cents else 0 end
        ) as bigint)
            as {{ word }}_cents,
        cast(sum(case when verdict = '{{ verdict }}' then amount_cents else 0 end) as bigint)
            as {{ word }}_reporting_cents,
        {%- endfor %}
        cast(sum(amount_cents) as bigint) as kept_reporting_cents
    from kept
    group by source, currency
),

keyed as (
    select distinct source, currency
    from (
        select source, currency from received
        union all
        select source, currency from orders
    ) as listed
),

reconciled as (
    select
        keyed.source,
        keyed.currency,
        {%- for column in ['received', 'quarantined', 'guest'] %}
        coalesce(received.{{ column }}_cents, 0) as {{ column }}_cents,
        {%- endfor %}
        {%- for word in words %}
        coalesce(split.{{ word }}_cents, 0) as {{ word }}_cents,
        {%- endfor %}
        coalesce(split.sales_cents + split.returns_cents, 0) as spend_cents,
        coalesce(split.kept_reporting_cents, 0) as kept_reporting_cents,
        {%- for word in words %}
        coalesce(split.{{ word }}_reporting_cents, 0) as {{ word }}_reporting_cents,
        {%- endfor %}
        coalesce(split.sales_reporting_cents + split.returns_reporting_cents, 0)
            as spend_reporting_cents,
        {%- for column in order_counts() %}
        coalesce(orders.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        {%- for column in ['amount', 'lines', 'tax', 'freight'] %}
        coalesce(orders.header_{{ column }}_cents, 0) as header_{{ column }}_cents,
        {%- endfor %}
        coalesce(
            orders.header_amount_cents
            - orders.header_lines_cents - orders.header_tax_cents - orders.header_freight_cents, 0
        ) as header_difference_cents,
        {{ release_id() }} as release_id
    from keyed
    left join received on keyed.source = received.source and keyed.currency = received.currency
    left join split on keyed.source = split.source and keyed.currency = split.currency
    left join orders on keyed.source = orders.source and keyed.currency = orders.currency
)

select * from reconciled
