with exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

usable as (
    select currency, valid_from, rate
    from exchange_rates
    where
        reporting_currency = '{{ var("reporting_currency") }}'
        and currency != reporting_currency
        and rate > 0
),

dated as (
    select
        currency,
        valid_from,
        lead(valid_from) over (partition by currency order by valid_from) as valid_until,
        rate
    from usable
),

completed as (
    select currency, valid_from, valid_until, rate from dated
    union all
    select
        '{{ var("reporting_currency") }}' as currency,
        cast('0001-01-01' as date) as valid_from,
        cast(null as date) as valid_until,
        cast(1 as decimal(18, 8)) as rate
)

select * from completed
