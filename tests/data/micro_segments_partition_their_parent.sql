with customers as (
    select * from {{ ref('customer_segments') }}
),

hierarchy as (
    select * from {{ ref('segment_hierarchy') }}
),

labelled as (
    select segmentation, segment_id, micro_segment_id, count(*) as customer_count
    from customers
    where micro_segment_id is not null and assignment_method = 'model'
    group by segmentation, segment_id, micro_segment_id
),

torn as (
    select segmentation, micro_segment_id
    from labelled
    group by segmentation, micro_segment_id
    having count(*) > 1
),

miscounted as (
    select labelled.segmentation, labelled.micro_segment_id
    from labelled
    left join hierarchy
        on
            labelled.segmentation = hierarchy.segmentation
            and labelled.segment_id = hierarchy.parent_segment_id
            and labelled.micro_segment_id = hierarchy.micro_segment_id
    where hierarchy.customer_count is null or hierarchy.customer_count != labelled.customer_count
),

nested as (
    select distinct segmentation
    from hierarchy
),

lost as (
    select customers.segmentation, customers.segment_id
    from customers
    inner join nested on customers.segmentation = nested.segmentation
    where customers.assignment_method = 'model' and customers.micro_segment_id is null
),

found as (
    select segmentation, micro_segment_id from torn
    union all
    select segmentation, micro_segment_id from miscounted
    union all
    select segmentation, segment_id from lost
)

select * from found
