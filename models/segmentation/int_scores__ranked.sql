{{ config(pre_hook='{{ remove_stale_scores(this, ref("seg_retained_versions")) }}') }}
-- depends_on: {{ ref('seg_retained_versions') }}

with standardised as (
    select * from {{ ref('seg_standardised') }}
),

components as (
    select * from {{ ref('int_components__collected') }}
),

scored as (
    select
        standardised.segmentation,
        standardised.model_version,
        standardised.as_of_date,
        standardised.customer_id,
        components.segment_id,
        components.component_id,
        components.score_offset,
        components.reach,
        {{ component_score('standardised.standardised_values', 'components') }} as score
    from standardised
    inner join components
        on
            standardised.segmentation = components.segmentation
            and standardised.model_version = components.model_version
    where
        components.form = 'any'
        and {{ is_complete('standardised.standardised_values') }}
        and {{ is_unscored('standardised.as_of_date', 'standardised') }}
),

led as (
    select
        *,
        row_number() over (
            partition by segmentation, model_version, as_of_date, customer_id, segment_id
            order by score desc, component_id asc
        ) as component_place
    from scored
),

ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, model_version, as_of_date, customer_id
            order by score desc, segment_id asc
        ) as place,
        -- Some engines stop at an exponent that underflows; this far away the share is 0 anyhow.
        exp(greatest(
            score - max(score) over (
                partition by segmentation, model_version, as_of_date, customer_id
            ), -700
        )) as likelihood
    from led
    where component_place = 1
),

totalled as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        max(case when place = 1 then segment_id end) as segment_id,
        max(case when place = 1 then component_id end) as component_id,
        max(case when place = 2 then segment_id end) as second_segment_id,
        max(case when place = 2 then component_id end) as second_component_id,
        max(case when place = 1 then likelihood end) as best_likelihood,
        max(case when place = 2 then likelihood end) as second_likelihood,
        {{ double('sum(cast(likelihood as decimal(38, 18)))') }} as total_likelihood,
        count(case when place = 1 and round(2 * (score_offset - score), 9) > reach then 1 end) = 0
            as is_reached
    from ranked
    group by segmentation, model_version, as_of_date, customer_id
),

labelled as (
    select
        segmentation,
        model_version,
        as_of_date,
        customer_id,
        {% for column in [
            'segment_id', 'component_id', 'second_segment_id', 'second_component_id',
        ] %}
        case when is_reached then {{ column }} end as {{ column }},
        {% endfor %}
        case when is_reached then round(best_likelihood / total_likelihood, 9) end
            as membership_probability,
        case
            when is_reached
                then round((best_likelihood - coalesce(second_likelihood, 0)) / total_likelihood, 9)
        end as margin
    from totalled
    {% if scores_at_once() %}
    union all
    select * from {{ ref('int_scores__nearest') }}
    where {{ is_unscored('int_scores__nearest.as_of_date', 'int_scores__nearest') }}
    {% endif %}
)

select * from labelled
