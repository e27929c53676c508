{#- Overrides that name nobody and nothing: counted, never shown. -#}
{% test overrides_are_understood(model) %}
select segmentation, outcome, count(*) as override_count
from {{ model }}
where outcome in ('unknown customer', 'unknown segment', 'unknown segmentation')
group by segmentation, outcome
{% endtest %}
