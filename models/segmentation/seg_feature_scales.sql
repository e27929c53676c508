with fits as (
    select * from {{ ref('seg_fits') }}
),

definitions as (
    select * from {{ ref('feature_definitions') }}
),

category_definitions as (
    select * from {{ ref('category_definitions') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        feature,
        max(case when parameter = 'center' then position end) as position,
        max(case when parameter = 'transform' then note end) as transform,
        max(case when parameter = 'attribute' then note end) as attribute,
        max(case when parameter = 'level' then note end) as level,
        max(case when parameter = 'coefficient' then value end) as coefficient,
        {% for parameter in ['center', 'scale', 'weight', 'clip_low', 'clip_high'] %}
        max(case when parameter = '{{ parameter }}' then value end) as {{ parameter }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from fits
    where is_chosen and feature is not null and segment_id is null
    group by segmentation, model_version, feature
),

placed as (
    select
        pivoted.*,
        case
            when pivoted.transform = 'score' then 'score'
            when pivoted.attribute is not null then 'category'
            else 'number'
        end as kind,
        coalesce(definitions.vector_position, category_definitions.vector_position)
            as vector_position
    from pivoted
    left join definitions on pivoted.feature = definitions.feature
    left join category_definitions on pivoted.attribute = category_definitions.feature
    where pivoted.center is not null
)

select * from placed
