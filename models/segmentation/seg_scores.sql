{{ config(
    pre_hook='{{ remove_stale_scores(this, ref("seg_retained_versions")) }}',
    **layout('customer_id', 'as_of_date')
) }}
-- depends_on: {{ ref('seg_retained_versions') }}

with populations as (
    select * from {{ ref('seg_populations') }}
),

versions as (
    select * from {{ ref('seg_retained_versions') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

labels as (
    select * from {{ ref('int_scores__ranked') }}
),

components as (
    select * from {{ ref('seg_components') }}
),

rules as (
    select distinct segmentation, model_version, component_id, component_name as rule
    from components
    where kind = 'box' and component_name is not null
),

assigned as (
    select
        populations.segmentation,
        versions.model_version,
        populations.as_of_date,
        populations.is_current,
        populations.customer_id,
        cast(coalesce(labels.segment_id, 0) as int) as segment_id,
        cast(labels.component_id as int) as component_id,
        labels.membership_probability,
        cast(labels.second_segment_id as int) as second_segment_id,
        cast(labels.second_component_id as int) as second_component_id,
        labels.margin,
        coalesce(labels.margin < spec.borderline_margin, false) as is_borderline,
        case
            when labels.segment_id is null then 'fallback'
            when rules.rule is not null then 'rule'
            else 'model'
        end as assignment_method,
        case
            when rules.rule is not null then 'rule: ' || rules.rule
            when labels.segment_id is not null then 'best score'
            when populations.fallback_reason is not null then populations.fallback_reason
            when labels.customer_id is null then 'a feature of the model is missing'
            else 'unlike every segment: farther than the model reaches'
        end as assignment_reason
    from populations
    inner join versions on populations.segmentation = versions.segmentation
    inner join spec on populations.segmentation = spec.segmentation
    left join labels
        on
            populations.segmentation = labels.segmentation
            and versions.model_version = labels.model_version
            and populations.as_of_date = labels.as_of_date
            and populations.customer_id = labels.customer_id
    left join rules
        on
            labels.segmentation = rules.segmentation
            and labels.model_version = rules.model_version
            and labels.component_id = rules.component_id
    where
        populations.status != 'excluded'
        and {{ is_unscored('populations.as_of_date', 'versions') }}
)

select * from assigned
