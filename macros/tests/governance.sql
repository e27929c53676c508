{#- Two teams, one question, two answers: each use has one scheme in production. -#}
{% test one_production_scheme_per_use_case(model) %}
select use_case, count(*) as scheme_count, min(segmentation) as one, max(segmentation) as another
from {{ model }}
where use_case is not null and stage = 'production' and status != 'retired'
group by use_case
having count(*) > 1
{% endtest %}

{#- Nobody answers for what has no owner: a blank is none. -#}
{% test production_schemes_have_an_owner(model) %}
select segmentation
from {{ model }}
where stage = 'production' and (owner is null or trim(owner) = '')
{% endtest %}

{#- Without a use case nobody can tell that two schemes are for the same thing. -#}
{% test production_schemes_state_their_use_case(model) %}
select segmentation
from {{ model }}
where stage = 'production' and use_case is null
{% endtest %}

{#- When every scheme is retired there is nothing to publish: an empty release would say otherwise. -#}
{% test a_scheme_is_in_use(model) %}
select count(*) as scheme_count
from {{ model }}
having count(case when status != 'retired' then 1 end) = 0
{% endtest %}

{#- A review that nobody held: move review_by after it, with what came of it in seeds/lessons.csv. -#}
{% test reviews_are_not_overdue(model) %}
select segmentation, owner, review_by, days_to_review
from {{ model }}
where review_status = 'overdue'
{% endtest %}

{#- What was taken for granted until a day that has passed: confirm it with a new day, or drop it. -#}
{% test assumptions_have_not_expired(model) %}
select segmentation, assumption, owner, expires_on
from {{ model }}
where status = 'expired'
{% endtest %}

{#- A lesson is about a fit that this database has made, live or retired. -#}
{% test lessons_name_versions_that_exist(model) %}
select segmentation, model_version, learned_on
from {{ model }}
where version_status = 'unknown version'
{% endtest %}

{#- Rows of the mapping that no segment of the live version has: its ids have gone. -#}
{% test stages_name_live_segments(model) %}
select segmentation, segment_id, persona
from {{ model }}
where status = 'no such segment'
{% endtest %}
