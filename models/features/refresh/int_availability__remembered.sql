-- depends_on: {{ ref('int_features__kept') }}
with availability as (
    select feature, availability from {{ ref('feature_availability') }}
)

select * from availability
