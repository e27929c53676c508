{% set families = ['rfm', 'tenure', 'gaps', 'basket', 'mix', 'promotion', 'place_time', 'trend'] %}

with
    {% for family in families %}
    {{ family }} as (
        select * from {{ ref('feat_customers__' ~ family) }}
    ),

    {% endfor %}
joined as (
    select
        rfm.customer_id,
        rfm.as_of_date
        {%- for feature in features() %},
        {{ double(feature.family ~ '.' ~ feature.name) }} as {{ feature.name }}
        {%- endfor %}
    from rfm
    {% for family in families if family != 'rfm' %}
    left join {{ family }}
        on
            rfm.customer_id = {{ family }}.customer_id
            and rfm.as_of_date = {{ family }}.as_of_date
    {% endfor %}
),

medians as (
    select
        as_of_date as median_date
        {%- for feature in features() if feature.missing_policy == 'median' %},
        median({{ feature.name }}) as {{ feature.name }}_median
        {%- endfor %}
    from joined
    group by as_of_date
),

imputed as (
    select
        joined.customer_id,
        joined.as_of_date
        {%- for feature in features() %},
        {% if feature.missing_policy == 'median' -%}
        coalesce(joined.{{ feature.name }}, medians.{{ feature.name }}_median)
            as {{ feature.name }},
        joined.{{ feature.name }} is null as {{ feature.name }}_was_imputed
        {%- elif feature.missing_policy == 'zero' -%}
        coalesce(joined.{{ feature.name }}, 0) as {{ feature.name }},
        joined.{{ feature.name }} is null as {{ feature.name }}_was_imputed
        {%- else -%}
        joined.{{ feature.name }}
        {%- endif %}
        {%- endfor %}
    from joined
    inner join medians on joined.as_of_date = medians.median_date
)

select * from imputed
