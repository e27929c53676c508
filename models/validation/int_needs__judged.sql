with entities as (
    select * from {{ ref('entity_availability') }}
),

attributes as (
    select * from {{ ref('customer_protected_attributes') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

truth as (
    select * from {{ ref('identity_truth') }}
),

counted as (
    select entity as need, row_count
    from entities
    union all
    select
        'customer_attributes' as need,
        count(case when value != 'unknown' then 1 end) as row_count
    from attributes
    union all
    select 'identity_truth' as need, count(*) as row_count
    from truth
),

judged as (
    select
        need,
        case when row_count = 0 then 'no source has rows of ' || need end as absence
    from counted
    union all
    select 'feature=' || feature as need, availability_reason as absence
    from definitions
)

select * from judged
