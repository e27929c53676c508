with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        position,
        max(note) filter (where parameter = 'validity_test') as test,
        max(note) filter (where parameter = 'validity_detail') as detail,
        max(value) filter (where parameter = 'validity_value') as value,
        max(value) filter (where parameter = 'validity_low') as low,
        max(value) filter (where parameter = 'validity_high') as high,
        max(note) filter (where parameter = 'validity_value') as note
    from fits
    where
        parameter in (
            'validity_test', 'validity_detail', 'validity_value', 'validity_low', 'validity_high'
        )
    group by segmentation, model_version, position
)

select * from pivoted
