{% set key = 'segmentation, model_version, as_of_date, customer_id' %}
{% set kept = key ~ ', offsets, reaches, segment_ids, component_ids' %}

with standardised as (
    select * from {{ ref('seg_standardised') }}
),

components as (
    select * from {{ ref('int_components__collected') }}
),

weighted as (
    select
        *,
        row_number() over (partition by segmentation, model_version order by segment_id) as place,
        {{ point_weights() }} as weights
    from components
    where form != 'any'
),

versions as (
    select
        segmentation,
        model_version,
        form = 'alike' as is_alike,
        max(score_offset) as first_offset,
        max(0.5 * {{ element('precisions', 1) }}) as half_precision,
        {{ on_each_place('max(case when place = # then weights end) as weights_#', ', ') }},
        {{ collect_vector('segment_id', 'segment_id') }} as segment_ids,
        {{ collect_vector('component_id', 'segment_id') }} as component_ids,
        {{ collect_vector('score_offset', 'segment_id') }} as offsets,
        {{ collect_vector('coalesce(reach, 1e300)', 'segment_id') }} as reaches
    from weighted
    group by segmentation, model_version, form
),

known as (
    select
        {{ key }},
        {{ known_vector('standardised_values') }} as known_values
    from standardised
    where {{ is_complete('standardised_values') }}
),

joined as (
    select
        known.as_of_date,
        known.customer_id,
        versions.*,
        {{ point_terms('known.known_values') }} as terms
    from known
    inner join versions
        on
            known.segmentation = versions.segmentation
            and known.model_version = versions.model_version
),

measured as (
    select
        {{ kept }}, is_alike, first_offset, half_precision,
        {{ on_each_place(point_distance('terms', 'weights_#') ~ ' as distance_#', ', ') }}
    from joined
),

scored as (
    select
        {{ kept }},
        {{ on_each_place(point_score('distance_#') ~ ' as score_#', ', ') }}
    from measured
),

led as (
    select *, {{ best_score() }} as best
    from scored
),

placed as (
    select *, {{ best_place() }} as place, {{ total_likelihood() }} as total_likelihood
    from led
),

followed as (
    select
        *,
        {{ second_score() }} as second,
        round(2 * ({{ element('offsets', 'place') }} - best), 9)
        <= {{ element('reaches', 'place') }} as is_reached
    from placed
),

seconded as (
    select *, {{ second_place() }} as next_place
    from followed
),

labelled as (
    select
        {{ key }},
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
    from seconded
)

select * from labelled
