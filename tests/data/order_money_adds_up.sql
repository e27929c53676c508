{% set words = uncounted_reasons().keys() | list %}

with books as (
    select * from {{ ref('order_reconciliation') }}
),

unbalanced as (
    select *
    from books
    where
        received_cents
        != quarantined_cents + guest_cents + {{ words | join('_cents + ') }}_cents + spend_cents
        or kept_reporting_cents != {{ words | join('_reporting_cents + ') }}_reporting_cents
        + spend_reporting_cents
        or spend_cents != sales_cents + returns_cents
        or orders_received != {{ order_counts()[1:-2] | join(' + ') }}
        or header_amount_cents != header_lines_cents + header_tax_cents + header_freight_cents
        + header_difference_cents
)

select * from unbalanced
