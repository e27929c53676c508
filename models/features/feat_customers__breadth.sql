{{ config(
    pre_hook='{{ remove_stale(this) }}', post_hook='{{ remaining_passes(this, customer_passes()) }}'
) }}

with departments as (
    select * from {{ ref('int_departments__as_of') }}
    where {{ is_stale() }} and {{ in_pass('customer_id') }}
),

categories as (
    select * from {{ ref('int_categories__as_of') }}
),

bought as (
    select *
    from departments
    where amount_cents > 0
),

totalled as (
    select
        customer_id,
        as_of_date,
        cast(sum(amount_cents) as bigint) as total_cents
    from bought
    group by customer_id, as_of_date
),

shared as (
    select
        bought.customer_id,
        bought.as_of_date,
        {{ ratio('bought.amount_cents', 'totalled.total_cents') }} as share
    from bought
    inner join totalled
        on bought.customer_id = totalled.customer_id and bought.as_of_date = totalled.as_of_date
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

measured as (
    select
        summed.customer_id,
        summed.as_of_date,
        summed.main_department_share,
        categories.category_count,
        summed.department_entropy
    from summed
    left join categories
        on summed.customer_id = categories.customer_id and summed.as_of_date = categories.as_of_date
)

select * from measured
