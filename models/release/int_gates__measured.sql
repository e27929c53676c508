with pairs as (
    select * from {{ ref('int_challengers__paired') }}
),

moves as (
    select * from {{ ref('int_moves__priced') }}
),

check_results as (
    select * from {{ ref('check_results') }}
),

moved as (
    select
        segmentation,
        model_version,
        'moved_share' as gate,
        {{ ratio(
            'sum(case when from_segment_id != to_segment_id then customer_count else 0 end)',
            'sum(customer_count)'
        ) }} as value,
        cast(sum(customer_count) as bigint) as customer_count
    from moves
    group by segmentation, model_version
),

compared as (
    select
        family,
        check_name,
        segmentation,
        model_version,
        min(case when status not in ('not_assessable', 'not_available') then value end)
            as least_value,
        max(customer_count) as customer_count
    from check_results
    where family = 'fairness' or check_name = 'outcome_r2'
    group by family, check_name, segmentation, model_version
),

lost as (
    select
        pairs.segmentation,
        pairs.model_version,
        case challengers.family when 'fairness' then 'fairness_loss' else 'usefulness_loss' end
            as gate,
        champions.least_value - challengers.least_value as value,
        challengers.customer_count
    from pairs
    inner join compared as challengers
        on
            pairs.segmentation = challengers.segmentation
            and pairs.model_version = challengers.model_version
    inner join compared as champions
        on
            pairs.segmentation = champions.segmentation
            and pairs.champion_version = champions.model_version
            and challengers.check_name = champions.check_name
),

worst as (
    select
        segmentation,
        model_version,
        gate,
        round(max(value), 9) as value,
        max(customer_count) as customer_count
    from lost
    group by segmentation, model_version, gate
),

measured as (
    select segmentation, model_version, gate, value, customer_count from moved
    union all
    select segmentation, model_version, gate, value, customer_count from worst
)

select * from measured
