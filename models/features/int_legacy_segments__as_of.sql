with legacy_segments as (
    select * from {{ ref('input_legacy_segments') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

valid as (
    select
        customer_records.customer_id,
        as_of_dates.as_of_date,
        legacy_segments.scheme,
        legacy_segments.segment,
        legacy_segments.valid_from
    from legacy_segments
    inner join customer_records
        on
            legacy_segments.source = customer_records.source
            and legacy_segments.source_customer_id = customer_records.source_customer_id
    inner join as_of_dates
        on coalesce(legacy_segments.valid_from < as_of_dates.as_of_date, true)
    where
        coalesce(legacy_segments.valid_to >= as_of_dates.as_of_date, true)
        {%- if var('legacy_scheme') %}
        and legacy_segments.scheme = {{ literal(var('legacy_scheme')) }}
        {%- endif %}
),

ranked as (
    select
        customer_id,
        as_of_date,
        scheme,
        segment,
        row_number() over (
            partition by customer_id, as_of_date
            order by
                scheme asc,
                case when valid_from is null then 1 else 0 end asc,
                valid_from desc,
                segment asc
        ) as place
    from valid
),

latest as (
    select customer_id, as_of_date, scheme, segment
    from ranked
    where place = 1
)

select * from latest
