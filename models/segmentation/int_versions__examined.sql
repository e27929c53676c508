with fits as (
    select * from {{ ref('seg_fits') }}
),

definitions as (
    select * from {{ ref('seg_definitions') }}
),

counted as (
    select
        segmentation,
        model_version,
        count(case when parameter != 'rows_written' then 1 end) as row_count,
        max(case when parameter = 'rows_written' then value end) as rows_written,
        count(
            case
                when
                    is_chosen
                    and parameter in (
                        'offset', 'mean', 'precision', 'root', 'center', 'scale', 'weight',
                        'clip_low', 'clip_high'
                    )
                    and not coalesce(value between -1e300 and 1e300, false)
                    then 1
            end
        ) as unusable_count
    from fits
    group by segmentation, model_version
),

fitted_columns as (
    select
        segmentation,
        model_version,
        coalesce(max(case when parameter = 'attribute' then note end), feature) as feature,
        max(case when parameter = 'transform' then note end) as transform
    from fits
    where is_chosen and feature is not null and segment_id is null
    group by segmentation, model_version, feature
    having max(case when parameter = 'center' then 1 else 0 end) = 1
),

hashes as (
    select segmentation, model_version, feature, note as definition_hash
    from fits
    where is_chosen and parameter = 'definition_hash'
),

used as (
    select distinct
        fitted_columns.segmentation,
        fitted_columns.model_version,
        fitted_columns.feature,
        hashes.definition_hash
    from fitted_columns
    left join hashes
        on
            fitted_columns.segmentation = hashes.segmentation
            and fitted_columns.model_version = hashes.model_version
            and fitted_columns.feature = hashes.feature
    where coalesce(fitted_columns.transform, '') != 'score'
),

compared as (
    select
        used.segmentation,
        used.model_version,
        {{ join_text('used.feature', 'definitions.feature is null') }} as gone_features,
        {{ join_text(
            'used.feature', 'definitions.definition_hash != used.definition_hash'
        ) }} as changed_features
    from used
    left join definitions on used.feature = definitions.feature
    group by used.segmentation, used.model_version
),

examined as (
    select
        counted.segmentation,
        counted.model_version,
        case
            when counted.row_count < counted.rows_written
                then
                    'its parameters are damaged: '
                    || cast(
                        cast(counted.rows_written as bigint) - counted.row_count
                        as {{ dbt.type_string() }}
                    )
                    || ' rows of it are missing from seg_fits'
            when counted.unusable_count > 0
                then
                    'its parameters are damaged: '
                    || cast(counted.unusable_count as {{ dbt.type_string() }})
                    || ' numbers of it in seg_fits are null or not finite'
            when nullif(compared.gone_features, '') is not null
                then 'it needs features that there are no more: ' || compared.gone_features
            when nullif(compared.changed_features, '') is not null
                then 'it learned from other definitions of: ' || compared.changed_features
        end as fault
    from counted
    left join compared
        on
            counted.segmentation = compared.segmentation
            and counted.model_version = compared.model_version
)

select * from examined
