with components as (
    select * from {{ ref('seg_components') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

released_versions as (
    select * from {{ ref('released_versions') }}
),

released_scores as (
    select * from {{ ref('released_scores') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

listed as (
    select distinct
        components.segmentation,
        components.model_version,
        components.segment_id,
        components.component_id
    from components
    inner join released_versions
        on
            components.segmentation = released_versions.segmentation
            and components.model_version = released_versions.model_version
    inner join versions
        on
            components.segmentation = versions.segmentation
            and components.model_version = versions.model_version
    where versions.algorithm = 'nested_kmeans'
),

counted as (
    select segmentation, model_version, segment_id, component_id, count(*) as customer_count
    from released_scores
    where is_current and assignment_method = 'model'
    group by segmentation, model_version, segment_id, component_id
),

numbered as (
    select
        listed.segmentation,
        listed.model_version,
        cast(listed.segment_id as int) as parent_segment_id,
        cast(listed.component_id as int) as micro_segment_id,
        coalesce(counted.customer_count, 0) as customer_count,
        names.segment_name as parent_name,
        row_number() over (
            partition by listed.segmentation, listed.model_version, listed.segment_id
            order by coalesce(counted.customer_count, 0) desc, listed.component_id
        ) as place
    from listed
    inner join names
        on
            listed.segmentation = names.segmentation
            and listed.model_version = names.model_version
            and listed.segment_id = names.segment_id
    left join counted
        on
            listed.segmentation = counted.segmentation
            and listed.model_version = counted.model_version
            and listed.segment_id = counted.segment_id
            and listed.component_id = counted.component_id
),

shared as (
    select
        segmentation,
        model_version,
        parent_segment_id,
        micro_segment_id,
        parent_name || ', part ' || cast(place as {{ dbt.type_string() }}) as micro_segment_name,
        customer_count,
        {{ ratio(
            'customer_count',
            'sum(customer_count) over (partition by segmentation, parent_segment_id)',
        ) }} as parent_share,
        {{ release_id() }} as release_id
    from numbered
)

select * from shared
