with components as (
    select * from {{ ref('int_components__collected') }}
),

versions as (
    select * from {{ ref('released_versions') }}
),

prepared as (
    select
        components.*,
        {{ precision_matrix('components') }} as matrices
    from components
    inner join versions
        on
            components.segmentation = versions.segmentation
            and components.model_version = versions.model_version
),

single as (
    select segmentation
    from prepared
    group by segmentation
    having count(distinct segment_id) = 1
),

everyone as (
    select
        prepared.segmentation,
        prepared.model_version,
        0 as segment_id,
        -prepared.component_id as component_id,
        case prepared.kind when 'box' then 'point' else prepared.kind end as kind,
        prepared.score_offset,
        {{ map_positions('prepared.means', '0e0') }} as means,
        prepared.precisions,
        prepared.lows,
        prepared.highs,
        prepared.outside,
        prepared.roots,
        prepared.matrices
    from prepared
    inner join single on prepared.segmentation = single.segmentation
),

combined as (
    {% for relation in ['prepared', 'everyone'] %}
    select
        segmentation, model_version, segment_id, component_id, kind, score_offset, means,
        precisions, lows, highs, outside, roots, matrices
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from combined
