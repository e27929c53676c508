{% set before = relation_of_last_run('features', 'int_events__remembered') if carries_on() %}
-- depends_on: {{ ref('int_refresh__planned') }}

with counted as (
    select * from {{ ref('int_events__counted') }}
    {{ 'where 1 = 0' if not before }}
),

remembered as (
    select * from {{ before or ref('int_events__counted') }}
    {{ 'where 1 = 0' if not before }}
),

differing as (
    {{ differing_rows('counted', 'remembered') }}
),

changed as (
    select distinct entity, event_date
    from differing
)

select * from changed
