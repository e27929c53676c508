with availability as (
    select * from {{ ref('feature_availability') }}
),

described as (
    {% for feature in features() %}
    select
        {% for key in [
            'name', 'entity', 'family', 'unit', 'label', 'description', 'tags', 'missing_policy',
            'high_phrase', 'low_phrase', 'definition_hash',
        ] %}
        {{ literal(feature[key]) }} as {{ 'feature' if key == 'name' else key }},
        {% endfor %}
        {{ loop.index }} as position,
        {{ 'true' if feature.is_allowed else 'false' }} as is_allowed
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

positioned as (
    select
        *,
        case
            when is_allowed
                then cast(count(case when is_allowed then 1 end) over (
                    order by position
                    rows between unbounded preceding and current row
                ) as int)
        end as vector_position,
        {{ release_id() }} as release_id
    from described
),

judged as (
    select
        positioned.*,
        availability.availability,
        availability.availability_reason
    from positioned
    inner join availability on positioned.feature = availability.feature
)

select * from judged
