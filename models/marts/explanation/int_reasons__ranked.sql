with weighed as (
    select * from {{ ref('int_reasons__weighed') }}
),

scales as (
    select * from {{ ref('seg_feature_scales') }}
),

unpivoted as (
    select
        weighed.*,
        scales.feature,
        scales.kind,
        scales.attribute,
        scales.level,
        scales.vector_position,
        {{ element('weighed.standardised_values', 'scales.position') }} / scales.weight as z,
        {{ element('weighed.contributions', 'scales.position') }} as contribution
    from weighed
    inner join scales
        on
            weighed.segmentation = scales.segmentation
            and weighed.model_version = scales.model_version
),

ranked as (
    select
        *,
        cast(row_number() over (
            partition by segmentation, customer_id
            order by contribution desc, feature asc
        ) as bigint) as reason_rank,
        sum(cast(greatest(coalesce(contribution, 0), 0) as decimal(38, 9))) over (
            partition by segmentation, customer_id
        ) + greatest(coalesce(base_rate, 0), 0) as supporting
    from unpivoted
),

kept as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        segment_id,
        second_segment_id,
        is_borderline,
        reason_rank,
        feature,
        kind,
        attribute,
        level,
        vector_position,
        z,
        contribution,
        {{ ratio('greatest(coalesce(contribution, 0), 0)', 'supporting') }} as contribution_share
    from ranked
    where reason_rank <= 3
)

select * from kept
