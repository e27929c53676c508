with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        position,
        max(case when parameter = 'validity_test' then note end) as test,
        max(case when parameter = 'validity_detail' then note end) as detail,
        max(case when parameter = 'validity_value' then value end) as value,
        max(case when parameter = 'validity_low' then value end) as low,
        max(case when parameter = 'validity_high' then value end) as high,
        max(case when parameter = 'validity_value' then note end) as note
    from fits
    where
        parameter in (
            'validity_test', 'validity_detail', 'validity_value', 'validity_low', 'validity_high'
        )
    group by segmentation, model_version, position
)

select * from pivoted
