with moves as (
    select * from {{ ref('int_moves__priced') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

named as (
    select
        moves.segmentation,
        moves.champion_version as live_version,
        moves.model_version,
        moves.from_segment_id,
        old_names.segment_name as from_segment_name,
        moves.to_segment_id,
        new_names.segment_name as to_segment_name,
        moves.from_segment_id != moves.to_segment_id as is_moved,
        old_names.segment_name != new_names.segment_name as is_name_changed,
        moves.customer_count,
        {{ ratio(
            'moves.customer_count',
            'sum(moves.customer_count) over (partition by moves.segmentation, moves.model_version)'
        ) }} as customer_share,
        moves.spend_cents,
        {{ release_id() }} as release_id
    from moves
    inner join names as old_names
        on
            moves.segmentation = old_names.segmentation
            and moves.champion_version = old_names.model_version
            and moves.from_segment_id = old_names.segment_id
    inner join names as new_names
        on
            moves.segmentation = new_names.segmentation
            and moves.model_version = new_names.model_version
            and moves.to_segment_id = new_names.segment_id
    where not moves.is_live
)

select * from named
