with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        max(case when is_chosen then candidate end) as candidate,
        max(case when is_chosen then algorithm end) as algorithm,
        count(distinct segment_id) as segment_count,
        max(fitted_as_of) as fitted_as_of,
        max(fit_hash) as fit_hash,
        cast(max(case when parameter = 'row_count' then value end) as bigint) as training_rows,
        cast(max(case when parameter = 'seed' then value end) as bigint) as seed,
        max(case when parameter = 'spec_hash' then note end) as spec_hash,
        max(case when parameter = 'feature_hash' then note end) as feature_hash,
        max(case when parameter = 'data_hash' then note end) as data_hash,
        max(case when parameter = 'fitted_because' then note end) as fitted_because,
        {{ join_text('note', "parameter = 'library'") }} as libraries
    from fits
    group by segmentation, model_version
)

select * from pivoted
