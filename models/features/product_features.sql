{% set features = features('product') %}

with sales as (
    select * from {{ ref('feat_products__sales') }}
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
        product_key,
        as_of_date
        {{- filled_columns(features) }}
    from sales
),

masked as (
    select
        imputed.product_key,
        imputed.as_of_date
        {{- masked_columns(features) }}
    from imputed
    cross join available
)

select * from masked
