{{ config(**layout('customer_id', 'as_of_date')) }}

{% set features = features('customer') %}

with joined as (
    select * from {{ ref('int_features__joined') }}
),

availability as (
    select * from {{ ref('feature_availability') }}
),

available as (
    select {{ available_columns(features) }}
    from availability
),

imputed as (
    select
        customer_id,
        as_of_date
        {{- filled_columns(features) }}
    from joined
),

masked as (
    select
        imputed.customer_id,
        imputed.as_of_date
        {{- masked_columns(features) }}
    from imputed
    cross join available
)

select * from masked
