with events as (
    select * from {{ ref('int_source_events__dated') }}
),

spanned as (
    select
        source,
        min(first_event_date) as first_event_date,
        max(last_event_date) as last_event_date,
        {{ days_between('min(first_event_date)', 'max(last_event_date)') }} + 1 as span_days,
        min(lag_days) as lag_days
    from events
    group by source
),

compared as (
    select
        mine.source,
        {{ days_between('greatest(mine.first_event_date, min(others.first_event_date))',
            'least(mine.last_event_date, max(others.last_event_date))') }} + 1 as shared_days
    from spanned as mine
    inner join spanned as others on mine.source != others.source
    group by mine.source, mine.first_event_date, mine.last_event_date
),

rated as (
    select
        spanned.source,
        spanned.first_event_date,
        spanned.last_event_date,
        spanned.lag_days,
        {{ ratio(
            'case when compared.shared_days < 0 then 0 else compared.shared_days end',
            'spanned.span_days'
        ) }} as overlap_share
    from spanned
    left join compared on spanned.source = compared.source
)

select * from rated
