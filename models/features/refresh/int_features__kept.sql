{% set before = relation_of_last_run('features', 'int_availability__remembered') if carries_on() %}
{% set policies = features('customer') | map(attribute='missing_policy') %}
{% set is_filled_forward = 'forward_fill' in policies %}

with dates as (
    select * from {{ ref('int_as_of_dates__kept') }}
),

availability as (
    select feature, availability from {{ ref('feature_availability') }}
),

remembered as (
    select feature, availability from {{ before or ref('feature_availability') }}
),

differing as (
    {{ differing_rows('availability', 'remembered') }}
),

kept as (
    select as_of_date
    from dates
    where
        {{ '1 = 0' if is_filled_forward or not before else '1 = 1' }}
        and (select count(*) from differing) = 0
)

select * from kept
