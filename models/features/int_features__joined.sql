{{ config(
    pre_hook='{{ remove_stale(this) }}',
    post_hook='{{ remaining_passes(this, customer_passes(5)) }}'
) }}
{% set families = [
    'rfm', 'tenure', 'gaps', 'basket', 'mix', 'promotion', 'place_time', 'trend', 'onboarding',
    'breadth', 'channel', 'category', 'engagement', 'service', 'seasonality', 'context', 'referral',
] %}

with
    {% for family in families %}
    {{ family }} as (
        select *
        from {{ ref('feat_customers__' ~ family) }}
        where {{ in_pass('customer_id', 5) }} and {{ is_stale() }}
    ),

    {% endfor %}
joined as (
    select
        rfm.customer_id,
        rfm.as_of_date
        {%- for feature in features('customer') %},
        {{ double(feature.family ~ '.' ~ feature.name) }} as {{ feature.name }}
        {%- endfor %}
    from rfm
    {% for family in families if family != 'rfm' %}
    left join {{ family }}
        on
            rfm.customer_id = {{ family }}.customer_id
            and rfm.as_of_date = {{ family }}.as_of_date
    {% endfor %}
)

select * from joined
