{{ config(
    pre_hook='{{ remove_stale(this) }}', post_hook='{{ remaining_passes(this, customer_passes()) }}'
) }}

with departments as (
    select * from {{ ref('int_departments__summed') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

dated as (
    select {{ as_of_columns() }}
    from as_of_dates
),

summed as (
    select
        departments.customer_id,
        departments.department,
        {{ summed_before('departments.amount_cents', 'departments.order_date', 'amount_cents') }},
        {{ summed_before(
            'departments.private_label_cents', 'departments.order_date', 'private_label_cents'
        ) }}
    from departments
    cross join dated
    where {{ in_pass('departments.customer_id') }}
    group by departments.customer_id, departments.department
),

placed as (
    select
        summed.customer_id,
        as_of_dates.as_of_date,
        summed.department,
        {{ on_date('summed.amount_cents') }} as amount_cents,
        {{ on_date('summed.private_label_cents') }} as private_label_cents
    from summed
    cross join as_of_dates
),

bought as (
    select *
    from placed
    where amount_cents is not null and {{ is_stale() }}
)

select * from bought
