with joined as (
    select * from {{ ref('int_features__joined') }}
),

availability as (
    select * from {{ ref('feature_availability') }}
),

available as (
    select
        count(*) as feature_count
        {%- for feature in features() %},
        count(*) filter (where feature = '{{ feature.name }}' and availability = 'available') = 1
            as {{ feature.name }}_is_available
        {%- endfor %}
    from availability
),

imputed as (
    select
        customer_id,
        as_of_date
        {%- for feature in features() %},
        {{ filled_feature(feature) }} as {{ feature.name }}
        {%- if is_flagged(feature) %},
        {{ feature.name }} is null as {{ feature.name }}_was_imputed
        {%- endif %}
        {%- endfor %}
    from joined
),

masked as (
    select
        imputed.customer_id,
        imputed.as_of_date
        {%- for feature in features() %},
        case when available.{{ feature.name }}_is_available then imputed.{{ feature.name }} end
            as {{ feature.name }}
        {%- if is_flagged(feature) %},
        case
            when available.{{ feature.name }}_is_available
                then imputed.{{ feature.name }}_was_imputed
        end as {{ feature.name }}_was_imputed
        {%- endif %}
        {%- endfor %}
    from imputed
    cross join available
)

select * from masked
