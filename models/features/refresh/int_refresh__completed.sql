-- depends_on: {{ ref('int_orders__valued') }}, {{ ref('int_products__remembered') }}
-- depends_on: {{ ref('int_departments__summed') }}, {{ ref('int_categories__first_bought') }}
with loads as (
    select * from {{ ref('int_loads__remembered') }}
),

records as (
    select * from {{ ref('int_records__remembered') }}
),

completed as (
    select
        (select count(*) from loads) as load_count,
        (select count(*) from records) as record_count,
        {{ literal(definitions_hash() if execute else '') }} as definitions_hash
)

select * from completed
