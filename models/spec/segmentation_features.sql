with entries as (
    select * from {{ ref('int_spec__parsed') }}
),

pivoted as (
    select
        segmentation,
        position,
        max(case when key = 'features.name' then value end) as feature,
        max(case when key = 'features.transform' then value end) as transform,
        {{ double("max(case when key = 'features.weight' then value end)") }} as weight
    from entries
    where key in ('features.name', 'features.transform', 'features.weight')
    group by segmentation, position
)

select * from pivoted
