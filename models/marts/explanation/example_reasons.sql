{#- In the middle of the largest segment, between its clearest and its most doubtful member. -#}
with customer_segments as (
    select * from {{ ref('customer_segments') }}
),

customer_reasons as {{ inlined() }} (
    select * from {{ ref('customer_reasons') }}
),

explained as (
    select customer_segments.*
    from customer_segments
    inner join customer_reasons
        on
            customer_segments.segmentation = customer_reasons.segmentation
            and customer_segments.customer_id = customer_reasons.customer_id
    where customer_reasons.reason_rank = 1
),

ranked as (
    select
        segmentation,
        segment_id,
        segment_name,
        customer_id,
        membership_probability,
        row_number() over (
            partition by segmentation, segment_id order by margin, customer_id
        ) as place,
        count(*) over (partition by segmentation, segment_id) as segment_size
    from explained
),

middles as (
    select
        *,
        row_number() over (
            partition by segmentation order by segment_size desc, segment_id asc
        ) as size_rank
    from ranked
    where 2 * place in (segment_size, segment_size + 1)
),

joined as (
    select
        middles.segmentation,
        middles.segment_id,
        middles.segment_name,
        middles.customer_id,
        middles.membership_probability,
        customer_reasons.reason_rank,
        customer_reasons.feature,
        customer_reasons.label,
        customer_reasons.value,
        customer_reasons.segment_mean,
        customer_reasons.contribution_share,
        customer_reasons.model_version,
        customer_reasons.as_of_date,
        {{ release_id() }} as release_id
    from middles
    inner join customer_reasons
        on
            middles.segmentation = customer_reasons.segmentation
            and middles.customer_id = customer_reasons.customer_id
    where middles.size_rank = 1
)

select * from joined
