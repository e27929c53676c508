with movement as (
    select * from {{ ref('segment_movement') }}
),

versions as (
    select * from {{ ref('model_versions') }}
),

lineage as (
    select distinct segmentation, model_version, live_version
    from {{ ref('segment_lineage') }}
    where left_out_features is null
),

renumbered as (
    select movement.*
    from movement
    inner join versions
        on
            movement.segmentation = versions.segmentation
            and movement.to_version = versions.model_version
            and movement.to_date = versions.fitted_as_of
    inner join lineage
        on
            movement.segmentation = lineage.segmentation
            and movement.from_version = lineage.live_version
            and movement.to_version = lineage.model_version
    where movement.cause = 'renumbering' and movement.changed_count > 0
)

select * from renumbered
