with logged as (
    select * from {{ ref('quality_log') }}
),

numbered as (
    select
        *,
        lag(value) over (
            partition by rule, source order by measured_release_id
        ) as previous_value,
        lag(status) over (
            partition by rule, source order by measured_release_id
        ) as previous_status
    from logged
),

released as (
    select
        measured_release_id,
        source,
        entity,
        attribute,
        rule,
        kind,
        value,
        previous_value,
        row_count,
        breach_count,
        minimum,
        maximum,
        status,
        previous_status,
        message,
        owner,
        {{ release_id() }} as release_id
    from numbered
)

select * from released
