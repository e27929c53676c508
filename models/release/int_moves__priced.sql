with pairs as (
    select * from {{ ref('int_challengers__paired') }}
),

scores as (
    select * from {{ ref('seg_scores') }}
),

populations as (
    select * from {{ ref('seg_populations') }}
),

current_scores as (
    select
        scores.segmentation,
        scores.model_version,
        scores.customer_id,
        scores.segment_id,
        populations.spend_cents
    from scores
    inner join populations
        on
            scores.segmentation = populations.segmentation
            and scores.as_of_date = populations.as_of_date
            and scores.customer_id = populations.customer_id
    where scores.is_current
),

counted as (
    select
        pairs.segmentation,
        pairs.model_version,
        pairs.champion_version,
        pairs.is_live,
        champions.segment_id as from_segment_id,
        challengers.segment_id as to_segment_id,
        count(*) as customer_count,
        cast(sum(challengers.spend_cents) as bigint) as spend_cents
    from pairs
    inner join current_scores as challengers
        on
            pairs.segmentation = challengers.segmentation
            and pairs.model_version = challengers.model_version
    inner join current_scores as champions
        on
            pairs.segmentation = champions.segmentation
            and pairs.champion_version = champions.model_version
            and challengers.customer_id = champions.customer_id
    group by
        pairs.segmentation,
        pairs.model_version,
        pairs.champion_version,
        pairs.is_live,
        champions.segment_id,
        challengers.segment_id
)

select * from counted
