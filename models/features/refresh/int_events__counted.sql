with counted as (
    {% for entity, day in dated_events().items() %}
    select
        '{{ entity }}' as entity,
        {{ 'cast(' ~ day ~ ' as date)' if day else 'cast(null as date)' }} as event_date,
        count(*) as row_count,
        {{ dbt.hash(join_sorted(row_hash(ref('input_' ~ entity)))) }} as fingerprint
    from {{ ref('input_' ~ entity) }}
    {{ 'group by cast(' ~ day ~ ' as date)' if day }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
