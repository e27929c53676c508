with reviews as (
    select * from {{ ref('identity_reviews') }}
),

records as {{ inlined() }} (
    select * from {{ ref('int_records__widened') }}
),

reviewed as (
    select
        one.record_number as record_a,
        other.record_number as record_b,
        reviews.is_same_person
    from reviews
    inner join records as one
        on reviews.source_a = one.source and reviews.id_a = one.source_customer_id
    inner join records as other
        on reviews.source_b = other.source and reviews.id_b = other.source_customer_id
    where one.record_number != other.record_number
)

select * from reviewed
