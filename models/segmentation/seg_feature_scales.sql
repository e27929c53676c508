with fits as (
    select * from {{ ref('seg_fits') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        feature,
        max(position) filter (where parameter = 'center') as position,
        max(note) filter (where parameter = 'transform') as transform,
        {% for parameter in ['center', 'scale', 'weight', 'clip_low', 'clip_high'] %}
        max(value) filter (where parameter = '{{ parameter }}') as {{ parameter }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from fits
    where is_chosen and feature is not null and segment_id is null
    group by segmentation, model_version, feature
),

placed as (
    select
        pivoted.*,
        definitions.vector_position
    from pivoted
    left join definitions on pivoted.feature = definitions.feature
    where pivoted.center is not null
)

select * from placed
