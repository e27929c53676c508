with departments as (
    select * from {{ ref('int_departments__as_of') }}
),

categories as (
    select * from {{ ref('int_categories__first_bought') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

shared as (
    select
        customer_id,
        as_of_date,
        {{ ratio(
            'amount_cents', 'sum(amount_cents) over (partition by customer_id, as_of_date)'
        ) }} as share
    from departments
    where amount_cents > 0
),

summed as (
    select
        customer_id,
        as_of_date,
        max(share) as main_department_share,
        {{ double('-sum(cast(share * ln(share) as decimal(38, 12)))') }} as department_entropy
    from shared
    group by customer_id, as_of_date
),

counted as (
    select
        categories.customer_id,
        as_of_dates.as_of_date,
        count(*) as category_count
    from categories
    inner join as_of_dates on categories.first_order_date < as_of_dates.as_of_date
    group by categories.customer_id, as_of_dates.as_of_date
),

measured as (
    select
        summed.customer_id,
        summed.as_of_date,
        summed.main_department_share,
        counted.category_count,
        summed.department_entropy
    from summed
    left join counted
        on summed.customer_id = counted.customer_id and summed.as_of_date = counted.as_of_date
)

select * from measured
