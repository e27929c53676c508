with legacy_segments as (
    select * from {{ ref('input_legacy_segments') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

ended as (
    select
        *,
        max(coalesce(valid_to, cast('9999-12-31' as date))) over (partition by scheme)
            as scheme_ended_on
    from legacy_segments
),

valid as (
    select
        customer_records.customer_id,
        as_of_dates.as_of_date,
        ended.scheme,
        ended.segment,
        ended.valid_from
    from ended
    inner join customer_records
        on
            ended.source = customer_records.source
            and ended.source_customer_id = customer_records.source_customer_id
    inner join as_of_dates on coalesce(ended.valid_from < as_of_dates.as_of_date, true)
    where
        coalesce(
            ended.valid_to >= least(as_of_dates.as_of_date, ended.scheme_ended_on), true
        )
        {%- if var('legacy_scheme') %}
        and ended.scheme = {{ literal(var('legacy_scheme')) }}
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
