with entries as (
    select * from {{ ref('int_spec__parsed') }}
),

pivoted as (
    select
        segmentation,
        position,
        max(case when key = 'assumptions.text' then value end) as assumption,
        max(case when key = 'assumptions.owner' then value end) as owner,
        cast(max(case when key = 'assumptions.made_on' then value end) as date) as made_on,
        cast(max(case when key = 'assumptions.expires_on' then value end) as date) as expires_on
    from entries
    where
        key in (
            'assumptions.text', 'assumptions.owner', 'assumptions.made_on',
            'assumptions.expires_on'
        )
    group by segmentation, position
)

select * from pivoted
