{% set intervals = ['separation', 'fairness', 'drift', 'calibration'] %}
{% set sliced = ['size', 'coverage', 'identity'] %}
{% set whole = ['stability', 'prediction', 'segment_drift', 'explanation'] %}

with measured as (
    {% for family in intervals %}
    select
        segmentation, model_version, as_of_date, check_name, slice,
        value, low, high, customer_count
    from {{ ref('measure_' ~ family) }}
    union all
    {% endfor %}
    {% for family in sliced %}
    select
        segmentation, model_version, as_of_date, check_name, slice,
        value, value as low, value as high, customer_count
    from {{ ref('measure_' ~ family) }}
    union all
    {% endfor %}
    {% for family in whole %}
    select
        segmentation, model_version, as_of_date, check_name, '' as slice,
        value, value as low, value as high, customer_count
    from {{ ref('measure_' ~ family) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

typed as (
    select
        segmentation,
        cast(model_version as bigint) as model_version,
        as_of_date,
        check_name,
        slice,
        value,
        low,
        high,
        cast(customer_count as bigint) as customer_count
    from measured
)

select * from typed
