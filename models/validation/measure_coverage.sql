{% set features = features() | selectattr('is_allowed') | list %}

with populations as (
    select * from {{ ref('seg_populations') }}
),

scores as (
    select * from {{ ref('seg_scores') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

features as (
    select * from {{ ref('customer_features') }}
),

eligible as (
    select
        segmentation,
        as_of_date,
        {{ ratio("count(*) filter (where status != 'excluded')", 'count(*)') }} as value,
        count(*) as customer_count
    from populations
    where is_current
    group by segmentation, as_of_date
),

scored as (
    select
        segmentation,
        model_version,
        as_of_date,
        {{ ratio("count(*) filter (where assignment_method = 'model')", 'count(*)') }} as value,
        count(*) as customer_count
    from scores
    where is_current
    group by segmentation, model_version, as_of_date
),

known as (
    select
        populations.segmentation,
        populations.as_of_date,
        count(*) as customer_count
        {%- for feature in features %},
        {% if is_flagged(feature) -%}
        count(*) filter (where not features.{{ feature.name }}_was_imputed)
        {%- else -%}
        count(features.{{ feature.name }})
        {%- endif %} as {{ feature.name }}
        {%- endfor %}
    from populations
    inner join features
        on
            populations.customer_id = features.customer_id
            and populations.as_of_date = features.as_of_date
    where populations.is_current and populations.status = 'model'
    group by populations.segmentation, populations.as_of_date
),

filled as (
    {% for feature in features %}
    select
        segmentation,
        as_of_date,
        '{{ feature.name }}' as feature,
        {{ ratio(feature.name, 'customer_count') }} as value,
        customer_count
    from known
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

measured as (
    select
        versions.segmentation,
        versions.model_version,
        eligible.as_of_date,
        'eligible_share' as check_name,
        '' as slice,
        eligible.value,
        eligible.customer_count
    from versions
    inner join eligible on versions.segmentation = eligible.segmentation
    union all
    select segmentation, model_version, as_of_date, 'scored_share', '', value, customer_count
    from scored
    union all
    select
        scales.segmentation,
        scales.model_version,
        filled.as_of_date,
        'feature_fill_rate',
        'feature=' || scales.feature,
        filled.value,
        filled.customer_count
    from scales
    inner join filled
        on scales.segmentation = filled.segmentation and scales.feature = filled.feature
)

select * from measured
