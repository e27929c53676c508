with pins as (
    select * from {{ ref('release_pins') }}
),

numbered as (
    select
        segmentation,
        model_version,
        pinned_on,
        pinned_by,
        reason,
        row_number() over (
            partition by segmentation
            order by pinned_on desc, coalesce(decision_number, 0) desc, model_version desc
        ) as pin_number
    from pins
)

select * from numbered
