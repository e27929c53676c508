with entries as (
    select * from {{ ref('int_spec__parsed') }}
),

pivoted as (
    select
        segmentation,
        position,
        max(value) filter (where key = 'features.name') as feature,
        max(value) filter (where key = 'features.transform') as transform,
        {{ double("max(value) filter (where key = 'features.weight')") }} as weight
    from entries
    where key in ('features.name', 'features.transform', 'features.weight')
    group by segmentation, position
)

select * from pivoted
