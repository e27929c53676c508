with departments as (
    select * from {{ ref('int_departments__summed') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

summed as (
    select
        departments.customer_id,
        as_of_dates.as_of_date,
        departments.department,
        cast(sum(departments.amount_cents) as bigint) as amount_cents
    from departments
    inner join as_of_dates on departments.order_date < as_of_dates.as_of_date
    group by departments.customer_id, as_of_dates.as_of_date, departments.department
)

select * from summed
