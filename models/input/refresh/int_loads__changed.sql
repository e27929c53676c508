-- depends_on: {{ ref('int_refresh__planned') }}
{% set before = relation_of_last_run('features', 'int_loads__remembered') if carries_on() %}

with counted as (
    select * from {{ ref('int_loads__counted') }}
    {{ 'where 1 = 0' if not before }}
),

remembered as (
    select * from {{ before or ref('int_loads__counted') }}
    {{ 'where 1 = 0' if not before }}
),

differing as (
    {{ differing_rows('counted', 'remembered') }}
),

changed as (
    select distinct source, loaded_on
    from differing
)

select * from changed
