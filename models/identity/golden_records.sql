with identifiers as (
    select * from {{ ref('int_identifiers__normalised') }}
    where normalised_value is not null
),

identity_map as (
    select * from {{ ref('identity_map') }}
),

identified as (
    select
        identity_map.customer_id,
        identifiers.identifier_type,
        identifiers.value,
        identifiers.normalised_value,
        identifiers.observed_at
    from identifiers
    inner join identity_map
        on
            identifiers.source = identity_map.source
            and identifiers.source_customer_id = identity_map.source_customer_id
),

agreed as (
    select
        *,
        count(*) over (
            partition by customer_id, identifier_type, normalised_value
        ) as agreeing_count
    from identified
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, identifier_type
            order by
                observed_at desc nulls last,
                agreeing_count desc,
                length(value) desc,
                value asc
        ) as place
    from agreed
),

chosen as (
    select
        customer_id,
        identifier_type,
        value,
        agreeing_count,
        observed_at
    from ranked
    where place = 1
)

select * from chosen
