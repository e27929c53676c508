{#- A side of half a standard deviation is exact in binary; fewer than 5 people are not shown. -#}
{% set middle = 'cast((floor({} / 0.5) + 0.5) * 0.5 as ' ~ type_double() ~ ')' %}
{% set fewest = 5 %}

with customer_map as (
    select * from {{ ref('customer_map') }}
),

binned as (
    select
        segmentation,
        segment_id,
        {{ middle.format('x') }} as x,
        {{ middle.format('y') }} as y,
        model_version,
        as_of_date
    from customer_map
),

counted as (
    select
        segmentation,
        segment_id,
        x,
        y,
        count(*) as customer_count,
        model_version,
        as_of_date,
        {{ release_id() }} as release_id
    from binned
    group by segmentation, segment_id, x, y, model_version, as_of_date
),

kept as (
    select *
    from counted
    where customer_count >= {{ fewest }}
)

select * from kept
