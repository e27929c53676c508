{{ config(
    pre_hook='{{ remove_stale(this) }}', post_hook='{{ remaining_passes(this, customer_passes()) }}'
) }}
{% set departments = [
    'grocery', 'produce', 'meat', 'deli', 'bakery', 'health_home', 'nutrition', 'fuel',
] %}

with departments as (
    select * from {{ ref('int_departments__as_of') }}
    where {{ is_stale() }} and {{ in_pass('customer_id') }}
),

pivoted as (
    select
        customer_id,
        as_of_date,
        count(case when amount_cents > 0 then 1 end) as department_count,
        sum(cast(amount_cents as decimal(38, 0)) * amount_cents) as amount_squares,
        sum(amount_cents) as amount_cents,
        sum(private_label_cents) as private_label_cents,
        {% for department in departments %}
        coalesce(sum(case when department = '{{ department }}' then amount_cents end), 0)
            as {{ department }}_cents{{ ',' if not loop.last }}
        {% endfor %}
    from departments
    group by customer_id, as_of_date
),

measured as (
    select
        customer_id,
        as_of_date,
        department_count,
        {{ double('amount_squares') }}
        / nullif({{ double('amount_cents') }} * {{ double('amount_cents') }}, 0)
            as department_concentration,
        {{ ratio('private_label_cents', 'amount_cents') }} as private_label_share,
        {% for department in departments %}
        {{ ratio(department ~ '_cents', 'amount_cents') }}
            as {{ department }}_share{{ ',' if not loop.last }}
        {% endfor %}
    from pivoted
)

select * from measured
