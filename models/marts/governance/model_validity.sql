with validity as (
    select * from {{ ref('seg_validity') }}
),

released as (
    select
        segmentation,
        model_version,
        test,
        detail,
        value,
        low,
        high,
        note,
        {{ release_id() }} as release_id
    from validity
)

select * from released
