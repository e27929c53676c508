{% set fields = playbook_fields() %}

with proposed as (
    select * from {{ ref('int_playbook__proposed') }}
),

rules as (
    select * from {{ ref('playbook_rules') }}
),

playbook as (
    select * from {{ ref('playbook') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

ruled as (
    select
        proposed.segmentation,
        proposed.segment_id,
        proposed.segment_name,
        proposed.model_version,
        proposed.situation,
        coalesce(proposed.offer, 'what is new') as offer,
        coalesce(proposed.channel, 'ask first') as channel
        {%- for field in fields if field not in ['offer', 'channel'] %},
        rules.{{ field }}
        {%- endfor %}
    from proposed
    inner join rules on proposed.situation = rules.situation
),

decided as (
    select
        playbook.segmentation,
        playbook.segment_id,
        released_versions.model_version
        {%- for field in fields %},
        max(case when playbook.field = '{{ field }}' then playbook.text end) as {{ field }}
        {%- endfor %},
        {{ join_text(
            "playbook.field || ': ' || playbook.reason || ' (' || playbook.approved_by || ')'",
            'playbook.field is not null'
        ) }} as decisions
    from playbook
    inner join released_versions on playbook.segmentation = released_versions.segmentation
    group by playbook.segmentation, playbook.segment_id, released_versions.model_version
),

joined as (
    select
        coalesce(ruled.segmentation, decided.segmentation) as segmentation,
        coalesce(ruled.segment_id, decided.segment_id) as segment_id,
        ruled.segment_name,
        coalesce(ruled.model_version, decided.model_version) as model_version,
        ruled.situation
        {%- for field in fields %},
        coalesce(decided.{{ field }}, ruled.{{ field }}) as {{ field }},
        case when decided.{{ field }} is null then 'profile' else 'seed' end as {{ field }}_source
        {%- endfor %},
        decided.decisions,
        case
            when ruled.segment_id is null then 'no such segment'
            when decided.segment_id is null then 'proposed'
            else 'decided'
        end as status,
        {{ release_id() }} as release_id
    from ruled
    full outer join decided
        on
            ruled.segmentation = decided.segmentation
            and ruled.segment_id = decided.segment_id
)

select * from joined
