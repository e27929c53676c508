with fits as (
    select * from {{ ref('seg_fits') }}
),

reductions as (
    select segmentation, model_version, max(value) as fitted_count
    from fits
    where is_chosen and parameter = 'reduction'
    group by segmentation, model_version
),

centers as (
    select segmentation, model_version, feature, position as feature_position, value as center
    from fits
    where is_chosen and parameter = 'axis_center'
),

shares as (
    select
        segmentation,
        model_version,
        position as component,
        value as explained_share,
        note as description
    from fits
    where is_chosen and parameter = 'explained_share'
),

loadings as (
    select segmentation, model_version, feature, position as component, value as loading
    from fits
    where is_chosen and parameter = 'loading'
),

joined as (
    select
        loadings.segmentation,
        loadings.model_version,
        cast(loadings.component as int) as component,
        loadings.component <= reductions.fitted_count as is_fitted,
        loadings.feature,
        centers.feature_position,
        centers.center,
        loadings.loading,
        shares.explained_share,
        shares.description
    from loadings
    inner join reductions
        on
            loadings.segmentation = reductions.segmentation
            and loadings.model_version = reductions.model_version
    inner join centers
        on
            loadings.segmentation = centers.segmentation
            and loadings.model_version = centers.model_version
            and loadings.feature = centers.feature
    inner join shares
        on
            loadings.segmentation = shares.segmentation
            and loadings.model_version = shares.model_version
            and loadings.component = shares.component
)

select * from joined
