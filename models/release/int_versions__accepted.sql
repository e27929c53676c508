{% set remembered = relation_of_last_run('release', 'live_log') %}

with accepted as (
    {% if remembered %}
    select segmentation, model_version, measured_release_id
    from {{ remembered }}
    where is_accepted and measured_release_id != {{ release_id() }}
    {% else %}
    select segmentation, model_version, '' as measured_release_id
    from {{ ref('int_versions__decided') }}
    where false
    {% endif %}
),

numbered as (
    select
        segmentation,
        model_version,
        measured_release_id,
        row_number() over (
            partition by segmentation
            order by measured_release_id desc
        ) as acceptance_number
    from accepted
)

select * from numbered
