{{ config(
    pre_hook='{{ remove_stale(this, kept="int_features__kept") }}',
    **layout('customer_id', 'as_of_date')
) }}

{% set features = features('customer') %}

with joined as (
    select * from {{ ref('int_features__joined') }}
    where {{ is_stale(kept='int_features__kept') }}
),

medians as (
    select * from {{ ref('int_features__medians') }}
),

availability as (
    select * from {{ ref('feature_availability') }}
),

available as (
    select {{ available_columns(features) }}
    from availability
),

compared as (
    select
        joined.*
        {%- for feature in features if needs_median(feature) %},
        medians.{{ feature.name }}_median
        {%- endfor %}
    from joined
    inner join medians on joined.as_of_date = medians.as_of_date
),

imputed as (
    select
        customer_id,
        as_of_date
        {{- filled_columns(features) }}
    from compared
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
