-- depends_on: {{ ref('int_order_lines__replaced') }}, {{ ref('int_loads__changed') }}

with unioned as {{ inlined() }} (
    {{ rows_to_judge('order_lines', carries_on()) }}
),

repeated as (
    {{ repeated_keys('unioned', ['source', 'order_line_id']) }}
)

select * from repeated
