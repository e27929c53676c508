-- depends_on: {{ ref('int_customers__touched') }}
with counted as (
    select * from {{ ref('int_loads__counted') }}
)

select * from counted
