with joined as (
    select * from {{ ref('int_features__joined') }}
),

sales as (
    select * from {{ ref('feat_products__sales') }}
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
        {{ loop.index }} as position,
        '{{ feature.needs }}' as needs,
        {{ literal(feature.missing_means) }} as missing_means,
        {{ 'true' if feature.zero_is_absent else 'false' }} as zero_is_absent
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        count(*) as customer_count
        {%- for feature in features('customer') %},
        count(joined.{{ feature.name }}) as {{ feature.name }}_known,
        count(nullif(joined.{{ feature.name }}, 0)) as {{ feature.name }}_nonzero
        {%- endfor %}
    from joined
    inner join as_of_dates on joined.as_of_date = as_of_dates.as_of_date
    where as_of_dates.is_current
),

sold as (
    select
        count(*) as product_count
        {%- for feature in features('product') %},
        count(sales.{{ feature.name }}) as {{ feature.name }}_known,
        count(nullif(sales.{{ feature.name }}, 0)) as {{ feature.name }}_nonzero
        {%- endfor %}
    from sales
    inner join as_of_dates on sales.as_of_date = as_of_dates.as_of_date
    where as_of_dates.is_current
),

collected as (
    select
        {% for statistic in ['known', 'nonzero'] %}
        {% set columns = [] %}
        {% for feature in features() %}
        {% do columns.append(feature.name ~ '_' ~ statistic) %}
        {% endfor %}
        {{ make_vector(columns) }} as {{ statistic }}_counts{{ ',' if not loop.last }}
        {% endfor %}
    from summed
    cross join sold
),

counted as (
    select
        needed.*,
        {{ element('collected.known_counts', 'needed.position') }} as known_count,
        {{ element('collected.nonzero_counts', 'needed.position') }} as nonzero_count
    from needed
    cross join collected
),

reasoned as (
    select
        counted.feature,
        counted.needs,
        counted.known_count,
        case
            when entities.row_count = 0 then 'no source has rows of ' || counted.needs
            when counted.known_count = 0 and counted.missing_means != ''
                then counted.missing_means
            when counted.known_count = 0 then 'it is missing for every customer'
            when counted.zero_is_absent and counted.nonzero_count = 0
                then 'it is 0 for every customer: nothing of it is recorded'
        end as availability_reason
    from counted
    left join entities on counted.needs = entities.entity
),

judged as (
    select
        *,
        case when availability_reason is null then 'available' else 'not_available' end
            as availability
    from reasoned
)

select * from judged
