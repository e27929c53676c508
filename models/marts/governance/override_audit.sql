with overrides as (
    select * from {{ ref('int_overrides__judged') }}
),

audited as (
    select
        segmentation,
        {{ dbt.hash(
            "segmentation || '|' || customer_id || '|' || cast(approved_on as "
            ~ dbt.type_string() ~ ")"
        ) }}
            as row_key_hash,
        cast(segment_id as int) as segment_id,
        segment_name,
        cast(model_segment_id as int) as model_segment_id,
        reason,
        approved_by,
        approved_on,
        expires_on,
        outcome,
        as_of_date,
        {{ release_id() }} as release_id
    from overrides
    where is_current
)

select * from audited
