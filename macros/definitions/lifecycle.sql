{#- Why the version that was decided on may not be published: its kind, or the words. Null when it may. -#}
{%- macro live_obstacle(part) -%}
case
    when decided.fault is not null
        then {{ "'cannot_score'" if part == 'kind' else 'decided.fault' }}
    when decided.model_version is null and pins.segmentation is not null
        then {{ "'no_such_version'" if part == 'kind' else "'the pinned version is none that has a model'" }}
    when decided.model_version is null
        then {{ "'no_version'" if part == 'kind' else "'no version has a model'" }}
    when shut.gates is not null and known.model_version is null
        then {{ "'not_promoted'" if part == 'kind' else 'shut.gates' }}
    when breached.checks is not null
        then {{ "'breached'" if part == 'kind' else 'breached.checks' }}
end
{%- endmacro -%}

{#- Every reason to fit a version again, with its value, whether it holds, and the words for it. -#}
{%- macro retrain_triggers() -%}
    {%- set text = dbt.type_string() -%}
    select
        segmentation, model_version, 'parameters' as cause, cast(null as {{ type_double() }}) as value,
        fault is not null as is_set, 'it cannot score: ' || fault as words
    from dated
    union all
    select
        segmentation, model_version, 'age', {{ double(days_between('fitted_as_of', 'as_of_date')) }},
        as_of_date >= due_on,
        'it was fitted ' || cast({{ days_between('fitted_as_of', 'as_of_date') }} as {{ text }})
        || ' days ago, and refresh is ' || refresh
    from dated
    union all
    select
        segmentation, model_version, 'spec', null,
        coalesce(spec_hash != asked_hash, true),
        'the spec asks for something else than at the fit'
    from dated
    union all
    select
        segmentation, model_version, cause, coalesce(psi, breach_count),
        breach_count > 0,
        cause || ': ' || cast(cast(breach_count as bigint) as {{ text }}) || ' breached, as ' || example
    from broken
    union all
    select
        decayed.segmentation, decayed.model_version, policies.policy, decayed.value,
        coalesce(decayed.value > policies.maximum, false),
        'it explains ' || cast(round(decayed.value, 3) as {{ text }})
        || ' less of the outcome than at its fit'
    from decayed
    inner join policies on policies.policy = 'usefulness_decay'
{%- endmacro -%}

{#- The columns of retrain_decision by cause. -#}
{%- macro retrain_columns() -%}
    {{ return({
        'age': 'fit_age_days',
        'drift': 'drift_breach_count',
        'segment_share': 'segment_share_psi',
        'stability': 'stability_breach_count',
        'prediction': 'prediction_breach_count',
        'calibration': 'calibration_breach_count',
        'usefulness_decay': 'usefulness_decay',
    }) }}
{%- endmacro -%}
