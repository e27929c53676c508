{% set entries = 'partition by segmentation, customer_id order by date_number' %}

with membership_log as (
    select * from {{ ref('membership_log') }}
),

customers as (
    select * from {{ ref('customers') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

known as (
    select
        membership_log.*,
        dense_rank() over (
            partition by membership_log.segmentation
            order by membership_log.as_of_date
        ) as date_number
    from membership_log
    inner join customers on membership_log.customer_id = customers.customer_id
    inner join released_versions
        on membership_log.segmentation = released_versions.segmentation
    inner join as_of_dates
        on as_of_dates.is_current and membership_log.as_of_date <= as_of_dates.as_of_date
),

dates as (
    select distinct segmentation, date_number, as_of_date
    from known
),

compared as (
    select
        *,
        lag(date_number) over ({{ entries }}) as previous_date_number,
        lag(segment_id) over ({{ entries }}) as previous_segment_id,
        lag(model_version) over ({{ entries }}) as previous_model_version
    from known
),

reasoned as (
    select
        *,
        case
            when previous_date_number is null then 'first seen'
            when date_number != previous_date_number + 1 then 'returned'
            when segment_id != previous_segment_id and model_version != previous_model_version
                then 'moved: new model version'
            when segment_id != previous_segment_id then 'moved: behaviour'
        end as reason
    from compared
),

spelled as (
    select
        *,
        count(reason) over (
            partition by segmentation, customer_id
            order by date_number
            rows between unbounded preceding and current row
        ) as spell_number
    from reasoned
),

spells as (
    select
        segmentation,
        customer_id,
        spell_number,
        max(segment_id) as segment_id,
        min(as_of_date) as entered_on,
        max(date_number) as last_date_number,
        max(reason) as reason,
        max(model_version) as model_version,
        max(case when is_replayed then 1 else 0 end) = 1 as is_replayed
    from spelled
    group by segmentation, customer_id, spell_number
),

closed as (
    select
        spells.customer_id,
        spells.segmentation,
        spells.segment_id,
        spells.entered_on,
        dates.as_of_date as left_on,
        spells.reason,
        spells.model_version,
        spells.is_replayed,
        {{ release_id() }} as release_id
    from spells
    left join dates
        on
            spells.segmentation = dates.segmentation
            and spells.last_date_number + 1 = dates.date_number
)

select * from closed
