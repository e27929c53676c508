{#- Dollars, euros, ... as whole cents; what is not a finite number becomes null. -#}
{%- macro to_cents(amount) -%}{{ try_cast('round(' ~ amount ~ ' * 100, 0)', 'bigint') }}{%- endmacro -%}

{#- Cents of one currency as whole cents of the reporting currency, half a cent away from zero. -#}
{%- macro convert_cents(cents, rate) -%}
    case
        when {{ rate }} = 1 then {{ cents }}
        else cast(round(cast({{ cents }} as decimal(18, 0)) * {{ rate }}, 0) as bigint)
    end
{%- endmacro -%}

{#- Whether a row of the CTE rates is the rate of an order; those without a currency are in the reporting one. -#}
{%- macro is_rate_of(orders) -%}
    coalesce({{ orders }}.currency, '{{ var("reporting_currency") }}') = rates.currency
    and {{ orders }}.order_date >= rates.valid_from
    and (rates.valid_until is null or {{ orders }}.order_date < rates.valid_until)
{%- endmacro -%}

{#- The rule that sets the orders of guests aside. -#}
{%- macro guest_rule() -%}source_customer_id is missing: a guest order{%- endmacro -%}

{#- What order_reconciliation counts orders as: received is all of them, the rest but the last two its parts. -#}
{%- macro order_counts() -%}
    {{ return([
        'orders_received', 'orders_quarantined', 'orders_of_guests', 'orders_without_lines',
        'orders_without_person', 'orders_cancelled', 'orders_uncounted', 'orders_counted',
        'orders_with_header', 'orders_that_differ',
    ]) }}
{%- endmacro -%}

{#- Why a kept line counts for no feature, as int_order_lines__valued says it: the word and the reason. -#}
{%- macro uncounted_reasons() -%}
    {{ return({
        'without_person': 'no known person with consent',
        'cancelled': 'order is cancelled',
        'freight': 'freight is no product',
        'tax': 'tax is no product',
        'fee': 'fee is no product',
        'gift_card': 'gift card is no product',
        'adjustment': 'adjustment is no product',
        'returned_whole': 'order is returned, without lines that say how much',
    }) }}
{%- endmacro -%}
