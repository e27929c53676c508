with members as (
    select segmentation from {{ ref('customer_segments') }}
    union all
    select segmentation from {{ ref('product_segments') }}
),

segments as (
    select * from {{ ref('segments') }}
),

counted as (
    select segmentation, count(*) as customer_count
    from members
    group by segmentation
),

listed as (
    select
        segmentation,
        sum(customer_count) as customer_count,
        sum(customer_share) as customer_share
    from segments
    group by segmentation
),

differing as (
    select
        listed.segmentation,
        listed.customer_count,
        listed.customer_share,
        counted.customer_count as member_count
    from listed
    left join counted on listed.segmentation = counted.segmentation
    where
        listed.customer_count != coalesce(counted.customer_count, 0)
        or abs(listed.customer_share - 1) > 0.000000001
)

select * from differing
