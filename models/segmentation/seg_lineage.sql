with fits as (
    select * from {{ ref('seg_fits') }}
),

compared as (
    select
        segmentation,
        model_version,
        cast(max(value) as bigint) as live_version,
        max(note) as left_out_features
    from fits
    where parameter = 'live_version'
    group by segmentation, model_version
),

pivoted as (
    select
        segmentation,
        model_version,
        cast(position as int) as segment_id,
        max(note) filter (where parameter = 'lineage') as kind,
        max(value) filter (where parameter = 'lineage') as jaccard,
        max(note) filter (where parameter = 'lineage_from') as from_segment_ids,
        max(note) filter (where parameter = 'lineage_to') as to_segment_ids,
        cast(max(value) filter (where parameter = 'lineage_live_members') as bigint)
            as live_member_count,
        cast(max(value) filter (where parameter = 'lineage_members') as bigint) as member_count
    from fits
    where
        parameter in (
            'lineage', 'lineage_from', 'lineage_to', 'lineage_live_members', 'lineage_members'
        )
    group by segmentation, model_version, position
),

joined as (
    select
        pivoted.*,
        compared.live_version,
        compared.left_out_features
    from pivoted
    left join compared
        on
            pivoted.segmentation = compared.segmentation
            and pivoted.model_version = compared.model_version
)

select * from joined
