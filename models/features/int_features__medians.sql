{{ config(post_hook='{{ remaining_passes(this, date_passes()) }}') }}

with joined as (
    select * from {{ ref('int_features__joined') }}
    where {{ in_date_pass('as_of_date') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
    where {{ in_date_pass('as_of_date') }}
),

medians as (
    {% for feature in features('customer') if needs_median(feature) %}
    select
        as_of_date,
        '{{ feature.name }}' as feature,
        {{ middle(feature.name) }} as median_value
    from joined
    group by as_of_date
    union all
    {% endfor %}
    select
        as_of_date,
        '' as feature,
        {{ double('null') }} as median_value
    from as_of_dates
),

pivoted as (
    select
        as_of_date
        {%- for feature in features('customer') if needs_median(feature) %},
        max(case when feature = '{{ feature.name }}' then median_value end)
            as {{ feature.name }}_median
        {%- endfor %}
    from medians
    group by as_of_date
)

select * from pivoted
