{#- A count of 1 to 4 customers is withheld, never shown. -#}
{% test tells_no_small_count(model, column_name) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} between 1 and {{ smallest_cell() }} - 1
{% endtest %}

{#- Rows of a seed that no segment of the live version has: its ids have gone. -#}
{% test names_live_segments(model) %}
select segmentation, segment_id
from {{ model }}
where status = 'no such segment'
{% endtest %}

{#- A value that a field cannot hold would be cut or refused by the system that it is sent to. -#}
{% test values_fit_their_fields(model) %}
select target_system, target_field, status, longest_length, maximum_length
from {{ model }}
where status not in ('fits', 'empty')
{% endtest %}

{#- Without a key and its purpose nobody may be sent to a system; with two keys nobody knows which counts. -#}
{% test has_one_key_and_purpose_for_each_system(model) %}
select target_system, count(case when is_key then 1 end) as key_count
from {{ model }}
group by target_system
having count(case when is_key then 1 end) != 1 or count(case when is_key then purpose end) != 1
{% endtest %}

{#- Health tells everybody of a segment who is in it: the figures of the release's date agree. -#}
{% test health_agrees_with_segments(model) %}
select health.segmentation, health.segment_id, health.customer_count, segments.customer_count as other_count
from {{ model }} as health
inner join {{ ref('as_of_dates') }} as dates on health.as_of_date = dates.as_of_date and dates.is_current
inner join {{ ref('segments') }} as segments
    on health.segmentation = segments.segmentation and health.segment_id = segments.segment_id
where health.customer_count != segments.customer_count
{% endtest %}
