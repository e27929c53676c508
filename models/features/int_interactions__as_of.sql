{{ config(materialized='view') }}

with interactions as (
    select * from {{ ref('int_interactions__identified') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

placed as (
    select
        interactions.*,
        interactions.interaction_type != 'email_sent' as is_by_customer,
        as_of_dates.as_of_date,
        {{ days_between('interactions.occurred_on', 'as_of_dates.as_of_date') }} as days_ago
    from interactions
    inner join as_of_dates on interactions.occurred_on < as_of_dates.as_of_date
)

select * from placed
