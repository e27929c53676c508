with logged as (
    select * from {{ ref('sla_log') }}
),

released as (
    select
        measured_release_id,
        source,
        entity,
        objective,
        attribute,
        measured,
        minimum,
        maximum,
        unit,
        is_met,
        status,
        owner,
        agreed_on,
        {{ release_id() }} as release_id
    from logged
)

select * from released
