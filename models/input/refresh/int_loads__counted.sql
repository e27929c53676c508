{% set checks = {
    'orders': 'coalesce(header_amount_cents, 0) + coalesce(tax_cents, 0) + coalesce(order_hour, 0)',
    'order_lines': 'coalesce(amount_cents, 0) + coalesce(discount_cents, 0)',
} %}

with counted as (
    {% for entity, check in checks.items() %}
    select
        source,
        '{{ entity }}' as entity,
        cast(loaded_at as date) as loaded_on,
        count(*) as row_count,
        cast(sum({{ check }}) as bigint) as checksum
    from ({{ union_sources(entity) }}) as {{ entity }}_given
    where source in ({{ timed_sources(entity) }})
    group by source, cast(loaded_at as date)
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
