with joined as (
    select * from {{ ref('int_features__joined') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

entities as (
    select * from {{ ref('entity_availability') }}
),

needed as (
    {% for feature in features() %}
    select
        '{{ feature.name }}' as feature,
        '{{ feature.needs }}' as needs,
        {{ literal(feature.missing_means) }} as missing_means,
        {{ 'true' if feature.zero_is_absent else 'false' }} as zero_is_absent
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        count(*) as customer_count
        {%- for feature in features() %},
        count(joined.{{ feature.name }}) as {{ feature.name }}_known,
        count(nullif(joined.{{ feature.name }}, 0)) as {{ feature.name }}_nonzero
        {%- endfor %}
    from joined
    inner join as_of_dates on joined.as_of_date = as_of_dates.as_of_date
    where as_of_dates.is_current
),

counted as (
    {% for feature in features() %}
    select
        '{{ feature.name }}' as feature,
        customer_count,
        {{ feature.name }}_known as known_count,
        {{ feature.name }}_nonzero as nonzero_count
    from summed
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

reasoned as (
    select
        needed.feature,
        needed.needs,
        counted.known_count,
        case
            when entities.row_count = 0 then 'no source has rows of ' || needed.needs
            when counted.known_count = 0 and needed.missing_means != '' then needed.missing_means
            when counted.known_count = 0 then 'it is missing for every customer'
            when needed.zero_is_absent and counted.nonzero_count = 0
                then 'it is 0 for every customer: nothing of it is recorded'
        end as availability_reason
    from needed
    inner join counted on needed.feature = counted.feature
    left join entities on needed.needs = entities.entity
),

judged as (
    select
        *,
        case when availability_reason is null then 'available' else 'not_available' end
            as availability
    from reasoned
)

select * from judged
