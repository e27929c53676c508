with standardised as (
    select * from {{ ref('seg_standardised') }}
),

components as (
    select * from {{ ref('int_components__collected') }}
),

weighted as (
    select
        *,
        {{ point_weights() }} as weights
    from components
    where form != 'any'
),

versions as (
    select
        segmentation,
        model_version,
        form,
        max(score_offset) as first_offset,
        max(0.5 * {{ element('precisions', 1) }}) as half_precision,
        {{ collect_vector('weights', 'segment_id') }} as weights,
        {{ collect_vector('segment_id', 'segment_id') }} as segment_ids,
        {{ collect_vector('component_id', 'segment_id') }} as component_ids,
        {{ collect_vector('score_offset', 'segment_id') }} as offsets,
        {{ collect_vector('coalesce(reach, 1e300)', 'segment_id') }} as reaches
    from weighted
    group by segmentation, model_version, form
),

known as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        {{ known_vector('standardised_values') }} as known_values
    from standardised
    where {{ is_complete('standardised_values') }}
),

scored as (
    select
        known.segmentation,
        known.model_version,
        known.as_of_date,
        known.customer_id,
        versions.segment_ids,
        versions.component_ids,
        versions.offsets,
        versions.reaches,
        {{ point_scores('known.known_values', 'versions') }} as scores
    from known
    inner join versions
        on
            known.segmentation = versions.segmentation
            and known.model_version = versions.model_version
),

led as (
    select
        *,
        {{ best_score('scores') }} as best
    from scored
),

followed as (
    select
        *,
        {{ best_place('scores', 'best') }} as place,
        {{ total_likelihood('scores', 'best') }} as total_likelihood,
        {{ second_score('scores', 'best') }} as second
    from led
),

placed as (
    select
        *,
        {{ second_place('scores', 'best', 'second') }} as next_place,
        round(2 * ({{ element('offsets', 'place') }} - best), 9)
        <= {{ element('reaches', 'place') }} as is_reached
    from followed
),

labelled as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        case when is_reached then {{ element('segment_ids', 'place') }} end as segment_id,
        case when is_reached then {{ element('component_ids', 'place') }} end as component_id,
        case when is_reached then {{ element('segment_ids', 'next_place') }} end
            as second_segment_id,
        case when is_reached then {{ element('component_ids', 'next_place') }} end
            as second_component_id,
        case when is_reached then round(1 / total_likelihood, 9) end as membership_probability,
        case
            when is_reached
                then round((1 - coalesce(exp(second - best), 0)) / total_likelihood, 9)
        end as margin
    from placed
)

select * from labelled
