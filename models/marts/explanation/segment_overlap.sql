{% set scheme = 'partition by counted.segmentation, counted.other_scheme' %}
{% set ours, theirs = scheme ~ ', counted.segment_id', scheme ~ ', counted.other_label' %}

with counted as (
    select * from {{ ref('int_overlaps__counted') }}
),

measured as (
    select * from {{ ref('int_overlaps__measured') }}
),

shared as (
    select
        counted.segmentation,
        counted.segment_id,
        counted.segment_name,
        counted.other_kind,
        counted.other_scheme,
        counted.other_segment_id,
        counted.other_label,
        counted.customer_count,
        {{ ratio('counted.customer_count', 'sum(counted.customer_count) over (' ~ ours ~ ')') }}
            as share_of_segment,
        {{ ratio('counted.customer_count', 'sum(counted.customer_count) over (' ~ theirs ~ ')') }}
            as share_of_other,
        measured.adjusted_rand_index,
        measured.adjusted_mutual_information,
        measured.compared_count,
        {{ release_id() }} as release_id
    from counted
    left join measured
        on
            counted.segmentation = measured.segmentation
            and counted.other_scheme = measured.other_scheme
)

select * from shared
