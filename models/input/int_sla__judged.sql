with agreed as (
    select * from {{ ref('data_sla') }}
),

coverage as (
    select * from {{ ref('source_coverage') }}
),

quality as (
    select * from {{ ref('data_quality_results') }}
),

events as (
    select * from {{ ref('int_source_events__dated') }}
),

counted as (
    select
        source,
        entity,
        max(row_count) as row_count,
        max(duplicate_count) as duplicate_count
    from coverage
    where status = 'available'
    group by source, entity
),

measured as (
    select
        agreed.*,
        case agreed.objective
            when 'completeness' then coverage.fill_rate
            when 'volume' then {{ double('counted.row_count') }}
            when 'duplicate_share' then {{ ratio('counted.duplicate_count', 'counted.row_count') }}
            when 'quarantine_share' then {{ ratio('quality.rows_quarantined', 'quality.rows_in') }}
            when 'freshness' then {{ double('events.lag_days') }}
        end as value
    from agreed
    left join counted
        on agreed.source = counted.source and agreed.entity = counted.entity
    left join coverage
        on
            agreed.source = coverage.source
            and agreed.entity = coverage.entity
            and agreed.attribute = coverage.attribute
    left join quality
        on
            agreed.source = quality.source
            and agreed.entity = quality.entity
            and quality.rule = 'all rules'
    left join events
        on agreed.source = events.source and agreed.entity = events.entity
),

judged as (
    select
        source,
        entity,
        objective,
        coalesce(attribute, '*') as attribute,
        round(value, 9) as measured,
        minimum,
        maximum,
        unit,
        case
            when value is not null then coalesce(
                not (round(value, 9) < minimum or round(value, 9) > maximum), true
            )
        end as is_met,
        case
            when value is null then 'not_available'
            when round(value, 9) < minimum or round(value, 9) > maximum then 'missed'
            else 'met'
        end as status,
        owner,
        agreed_on
    from measured
)

select * from judged
