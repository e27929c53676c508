with entries as (
    select * from {{ ref('int_spec__parsed') }}
),

pivoted as (
    select
        segmentation,
        position,
        max(value) filter (where key = 'assumptions.text') as assumption,
        max(value) filter (where key = 'assumptions.owner') as owner,
        cast(max(value) filter (where key = 'assumptions.made_on') as date) as made_on,
        cast(max(value) filter (where key = 'assumptions.expires_on') as date) as expires_on
    from entries
    where
        key in (
            'assumptions.text', 'assumptions.owner', 'assumptions.made_on',
            'assumptions.expires_on'
        )
    group by segmentation, position
)

select * from pivoted
