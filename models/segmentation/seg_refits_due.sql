{% set remembered = relation_of_last_run('release', 'retrain_log') %}

with decisions as (
    {% if remembered %}
    select segmentation, should_retrain, reasons, measured_release_id
    from {{ remembered }}
    {% else %}
    select segmentation, false as should_retrain, purpose as reasons, '' as measured_release_id
    from {{ ref('segmentation_spec') }}
    where false
    {% endif %}
),

newest as (
    select
        segmentation,
        should_retrain,
        reasons,
        row_number() over (
            partition by segmentation
            order by measured_release_id desc
        ) as decision_number
    from decisions
),

due as (
    select segmentation, reasons
    from newest
    where decision_number = 1 and should_retrain
)

select * from due
