{#- Matching accepts a Jaccard index from 0.5; above this one no sample can have missed it. -#}
{% set surely_the_same = 0.6 %}
{% set pair = 'segmentation, from_version, to_version, from_date, to_date' %}
{% set counts = {
    'customer_count': 'is_in_both',
    'changed_count': 'is_in_both and is_changed',
    'ranked_anew_count': "cause = 'renumbering' and not is_other_id and is_other_rank",
    'entered_count': 'from_segment_id = 0 and is_other_id',
    'left_count': 'to_segment_id = 0 and is_other_id',
} %}

with moves as (
    select * from {{ ref('int_moves__counted') }}
),

segments as (
    select * from {{ ref('seg_segments') }}
),

sized as (
    select
        *,
        sum(customer_count) over (partition by {{ pair }}, from_segment_id) as from_count,
        sum(customer_count) over (partition by {{ pair }}, to_segment_id) as to_count
    from moves
),

compared as (
    select
        sized.*,
        sized.from_segment_id > 0 and sized.to_segment_id > 0 as is_in_both,
        sized.from_segment_id != sized.to_segment_id as is_other_id,
        befores.rank_number != afters.rank_number as is_other_rank,
        sized.comparison = 'refit' and sized.customer_count > {{ surely_the_same }}
        * (sized.from_count + sized.to_count - sized.customer_count) as is_same_segment
    from sized
    left join segments as befores
        on
            sized.segmentation = befores.segmentation
            and sized.from_version = befores.model_version
            and sized.from_segment_id = befores.segment_id
    left join segments as afters
        on
            sized.segmentation = afters.segmentation
            and sized.to_version = afters.model_version
            and sized.to_segment_id = afters.segment_id
),

caused as (
    select *, comparison as cause, is_other_id and not is_same_segment as is_changed
    from compared
    union all
    select *, 'renumbering' as cause, is_other_id and is_same_segment as is_changed
    from compared
    where comparison = 'refit'
),

totalled as (
    select
        segmentation,
        cause,
        from_version,
        to_version,
        from_date,
        to_date,
        {%- for name, condition in counts.items() %}
        cast(coalesce(sum(case when {{ condition }} then customer_count end), 0) as bigint)
            as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from caused
    group by segmentation, cause, from_version, to_version, from_date, to_date
),

shared as (
    select
        *,
        {{ ratio('changed_count', 'customer_count') }} as changed_share,
        {{ release_id() }} as release_id
    from totalled
)

select * from shared
