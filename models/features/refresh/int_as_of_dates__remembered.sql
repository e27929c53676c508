-- depends_on: {{ ref('int_as_of_dates__kept') }}
with as_of_dates as (
    select * from {{ ref('as_of_dates') }}
)

select * from as_of_dates
