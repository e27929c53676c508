with fits as (
    select * from {{ ref('seg_fits') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

overrides as (
    select * from {{ ref('segment_names') }}
),

generated as (
    select
        segmentation,
        model_version,
        segment_id,
        max(case when parameter = 'name' then note end) as kept_name,
        max(case when parameter = 'generated_name' then note end) as generated_name,
        max(case when parameter = 'rank_value' then value end) as rank_value,
        cast(max(case when parameter = 'training_count' then value end) as bigint) as training_count
    from fits
    where
        is_chosen
        and parameter in ('name', 'generated_name', 'rank_value', 'training_count')
    group by segmentation, model_version, segment_id
),

versions as (
    select distinct segmentation, model_version
    from generated
),

combined as (
    select
        segmentation,
        model_version,
        segment_id,
        kept_name,
        coalesce(generated_name, kept_name) as generated_name,
        row_number() over (
            partition by segmentation, model_version
            order by rank_value desc, segment_id asc
        ) as rank_number,
        training_count
    from generated
    union all
    select
        versions.segmentation,
        versions.model_version,
        0,
        spec.fallback_name as kept_name,
        spec.fallback_name as generated_name,
        null,
        0
    from versions
    inner join spec on versions.segmentation = spec.segmentation
),

named as (
    select
        combined.segmentation,
        combined.model_version,
        cast(combined.segment_id as int) as segment_id,
        coalesce(overrides.segment_name, combined.kept_name) as segment_name,
        combined.generated_name,
        combined.rank_number,
        overrides.segment_name is not null as is_overridden,
        combined.training_count
    from combined
    left join overrides
        on
            combined.segmentation = overrides.segmentation
            and combined.segment_id = overrides.segment_id
)

select * from named
