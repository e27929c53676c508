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
        max(case when parameter = 'lineage' then note end) as kind,
        max(case when parameter = 'lineage' then value end) as jaccard,
        max(case when parameter = 'lineage_from' then note end) as from_segment_ids,
        max(case when parameter = 'lineage_to' then note end) as to_segment_ids,
        cast(max(case when parameter = 'lineage_live_members' then value end) as bigint)
            as live_member_count,
        cast(max(case when parameter = 'lineage_members' then value end) as bigint) as member_count
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
