with versions as (
    select * from {{ ref('seg_retained_versions') }}
),

paired as (
    select
        challengers.segmentation,
        challengers.model_version,
        champions.model_version as champion_version,
        challengers.is_live
    from versions as challengers
    inner join versions as champions
        on
            challengers.segmentation = champions.segmentation
            and challengers.model_version != champions.model_version
    where
        (champions.is_live and not challengers.is_live)
        or (challengers.is_live and champions.is_replaced)
)

select * from paired
