{{ config(pre_hook='{{ remove_strangers(this, ref("customers")) }}') }}

with released_scores as (
    select * from {{ ref('released_scores') }}
),

logged as (
    select
        segmentation,
        as_of_date,
        customer_id,
        segment_id,
        model_version,
        not is_current as is_replayed
    from released_scores
    where entity = 'customer'
),

kept as (
    select *
    from logged
    {% if is_incremental() %}
    where
        not is_replayed
        or as_of_date not in (
            select observed.as_of_date
            from {{ this }} as observed
            where not observed.is_replayed
        )
    {% endif %}
)

select * from kept
