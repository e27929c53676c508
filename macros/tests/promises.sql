{#-
  The promises of a release, one sentence per family of checks. Each returns the breaches of the live
  versions; `dbt build` then skips the marts, and what was published before stays.
-#}
{%- macro breaches_of(model, family) -%}
select segmentation, model_version, check_name, slice, value, low, high, minimum, maximum, message, owner
from {{ model }}
where family = '{{ family }}' and status = 'fail'
{%- endmacro -%}

{% test segments_are_large_enough(model) %}{{ breaches_of(model, 'size') }}{% endtest %}
{% test segments_are_set_apart(model) %}{{ breaches_of(model, 'separation') }}{% endtest %}
{% test segments_are_stable(model) %}{{ breaches_of(model, 'stability') }}{% endtest %}
{% test segments_predict_the_outcome(model) %}{{ breaches_of(model, 'prediction') }}{% endtest %}
{% test segments_are_calibrated(model) %}{{ breaches_of(model, 'calibration') }}{% endtest %}
{% test segments_are_fair(model) %}{{ breaches_of(model, 'fairness') }}{% endtest %}
{% test features_have_not_drifted(model) %}{{ breaches_of(model, 'drift') }}{% endtest %}
{% test customers_are_covered(model) %}{{ breaches_of(model, 'coverage') }}{% endtest %}
{% test records_are_joined_rightly(model) %}{{ breaches_of(model, 'identity') }}{% endtest %}
{% test segments_can_be_explained(model) %}{{ breaches_of(model, 'explanation') }}{% endtest %}

{#- A family that is in no promise would never stop a release. -#}
{% test every_family_is_promised(model) %}
select family
from {{ model }}
where family not in (
    'size', 'separation', 'stability', 'prediction', 'calibration', 'fairness', 'drift', 'coverage',
    'identity', 'explanation'
)
{% endtest %}

{#- Every segmentation of the spec has a version that can be published: a warning, it is left out. -#}
{% test every_segmentation_has_a_live_version(model) %}
select segmentation
from {{ model }}
where model_version is null
{% endtest %}

{#- What cannot be published though it must: a pinned version that is none, or no segmentation at all. -#}
{% test something_can_be_published(model) %}
select live.segmentation
from {{ model }} as live
where
    live.model_version is null
    and (
        live.is_pinned
        or not exists (select 1 from {{ model }} as others where others.model_version is not null)
    )
{% endtest %}

{#- The live model can score: no parameter is damaged, no feature gone or redefined. Nobody can waive it. -#}
{% test live_models_can_score(model) %}
select segmentation, pinned_version, obstacle
from {{ model }}
where obstacle_kind = 'cannot_score'
{% endtest %}

{#- A pinned version has passed its gates, or they are waived, or it was live before. -#}
{% test promotions_are_earned(model) %}
select segmentation, model_version, obstacle
from {{ model }}
where obstacle_kind = 'not_promoted'
{% endtest %}
