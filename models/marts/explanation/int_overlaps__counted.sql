with labelled as {{ inlined() }} (
    select * from {{ ref('int_schemes__labelled') }}
),

counted as (
    select
        ours.scheme as segmentation,
        ours.segment_id,
        ours.label as segment_name,
        others.kind as other_kind,
        others.scheme as other_scheme,
        others.segment_id as other_segment_id,
        others.label as other_label,
        ours.segment_id != 0 and coalesce(others.segment_id != 0, true) as is_compared,
        count(*) as customer_count
    from labelled as ours
    inner join labelled as others on ours.customer_id = others.customer_id
    where
        ours.kind = 'segmentation'
        and (others.kind != 'segmentation' or others.scheme > ours.scheme)
    group by
        ours.scheme,
        ours.segment_id,
        ours.label,
        others.kind,
        others.scheme,
        others.segment_id,
        others.label
)

select * from counted
