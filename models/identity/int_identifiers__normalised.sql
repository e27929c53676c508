with identifiers as (
    select * from {{ ref('input_identifiers') }}
),

normalised as (
    select
        source,
        source_customer_id,
        identifier_type,
        trim(value) as value,
        {{ normalised_identifier('identifier_type', 'value') }} as normalised_value,
        observed_at
    from identifiers
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id, identifier_type
            order by
                case when normalised_value is null then 1 else 0 end,
                observed_at desc nulls last,
                length(normalised_value) desc,
                normalised_value asc,
                value asc
        ) as preference
    from normalised
)

select * from ranked
