with departments as {{ inlined() }} (
    select * from {{ ref('int_departments__summed') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

days as (
    select
        order_date,
        department,
        sum(amount_cents) as amount_cents
    from departments
    group by order_date, department
    union all
    select
        order_date,
        '*' as department,
        sum(amount_cents) as amount_cents
    from departments
    group by order_date
),

months as (
    select
        as_of_dates.as_of_date,
        days.department,
        {{ months_between('days.order_date', 'as_of_dates.as_of_date') }} as months_ago,
        cast(extract(month from days.order_date) as int) as month_of_year,
        sum(days.amount_cents) as amount_cents
    from days
    inner join as_of_dates on days.order_date < as_of_dates.as_of_date
    group by
        as_of_dates.as_of_date,
        days.department,
        {{ months_between('days.order_date', 'as_of_dates.as_of_date') }},
        cast(extract(month from days.order_date) as int)
),

begun as (
    select min(order_date) as first_date
    from days
),

spanned as (
    select
        as_of_dates.as_of_date,
        {{ months_between('begun.first_date', 'as_of_dates.as_of_date') }}
        - case when extract(day from begun.first_date) > 7 then 1 else 0 end as month_count
    from as_of_dates
    cross join begun
),

averaged as (
    select
        months.as_of_date,
        months.department,
        months.month_of_year,
        max(floor(spanned.month_count / 12)) as year_count,
        sum(months.amount_cents) as amount_cents,
        sum(sum(months.amount_cents)) over (
            partition by months.as_of_date, months.department
        ) as total_cents
    from months
    inner join spanned on months.as_of_date = spanned.as_of_date
    where
        spanned.month_count >= 13
        and months.months_ago between 1 and floor(spanned.month_count / 12) * 12
    group by months.as_of_date, months.department, months.month_of_year
),

indexed as (
    select
        as_of_date,
        department,
        month_of_year,
        cast(year_count as int) as year_count,
        cast(amount_cents as bigint) as amount_cents,
        {{ ratio('amount_cents * 12', 'total_cents') }} as seasonal_index
    from averaged
)

select * from indexed
