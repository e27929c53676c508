with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        max(candidate) filter (where is_chosen) as candidate,
        max(algorithm) filter (where is_chosen) as algorithm,
        count(distinct segment_id) as segment_count,
        max(fitted_as_of) as fitted_as_of,
        max(fit_hash) as fit_hash,
        cast(max(value) filter (where parameter = 'row_count') as bigint) as training_rows,
        cast(max(value) filter (where parameter = 'seed') as bigint) as seed,
        max(note) filter (where parameter = 'spec_hash') as spec_hash,
        max(note) filter (where parameter = 'feature_hash') as feature_hash,
        max(note) filter (where parameter = 'data_hash') as data_hash,
        max(note) filter (where parameter = 'fitted_because') as fitted_because,
        {{ join_text('note', "parameter = 'library'") }} as libraries
    from fits
    group by segmentation, model_version
)

select * from pivoted
