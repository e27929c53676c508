{#- Places with too few customers to be told count together; still too few, they are withheld. -#}
with scores as (
    select * from {{ ref('released_scores') }}
),

demand as (
    select * from {{ ref('int_demand__counted') }}
),

labelled as (
    select
        scores.segmentation,
        scores.segment_id,
        scores.segment_name,
        scores.as_of_date,
        demand.*,
        count(*) over (
            partition by
                scores.segmentation, scores.segment_id, demand.department, demand.location_id
        ) as customers_there
    from scores
    inner join demand on scores.customer_id = demand.customer_id
    where scores.is_current and scores.entity = 'customer'
),

placed as (
    select
        *,
        case
            when customers_there >= {{ smallest_cell() }} then location_id
            else 'small places together'
        end as place
    from labelled
),

summed as (
    select
        segmentation,
        segment_id,
        segment_name,
        as_of_date,
        department,
        place,
        count(distinct customer_id) as customer_count,
        cast(sum(order_count) as bigint) as order_count,
        {{ double('sum(unit_count)') }} as unit_count,
        cast(sum(revenue_cents) as bigint) as revenue_cents
    from placed
    group by segmentation, segment_id, segment_name, as_of_date, department, place
),

told as (
    select
        segmentation,
        segment_id,
        segment_name,
        as_of_date,
        department,
        place as location_id,
        {%- for column in ['customer_count', 'order_count', 'unit_count', 'revenue_cents'] %}
        {{ told(column, 'customer_count') }} as {{ column }},
        {%- endfor %}
        customer_count < {{ smallest_cell() }} as is_withheld,
        {{ release_id() }} as release_id
    from summed
)

select * from told
