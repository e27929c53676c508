{% set before = relation_of_last_run('features', 'int_products__remembered') if carries_on() %}
-- depends_on: {{ ref('int_refresh__planned') }}

with products as (
    select * from {{ ref('input_products') }}
    {{ 'where 1 = 0' if not before }}
),

remembered as (
    select * from {{ before or ref('input_products') }}
    {{ 'where 1 = 0' if not before }}
),

differing as (
    {{ differing_rows('products', 'remembered') }}
),

changed as (
    select distinct source, product_id
    from differing
)

select * from changed
