-- depends_on: {{ ref('int_as_of_dates__kept') }}
with counted as (
    select * from {{ ref('int_events__counted') }}
)

select * from counted
