{#- Overrides that name nobody and nothing: counted, never shown. -#}
{% test overrides_are_understood(model) %}
select segmentation, outcome, count(*) as override_count
from {{ model }}
where outcome in ('unknown customer', 'unknown segment', 'unknown segmentation')
group by segmentation, outcome
{% endtest %}

{#- Nothing is left out of an explanation: its parts are the score difference, to a millionth. -#}
{% test contributions_add_up(model) %}
select segmentation, count(*) as customer_count
from {{ model }}
where
    not coalesce(
        abs({{ sum_vector('contributions') }} + base_rate - score_difference)
        <= 0.000001 * greatest(1, abs(score_difference)),
        false
    )
group by segmentation
{% endtest %}
