with learned as (
    select * from {{ ref('int_rules__learned') }}
),

applied as (
    select * from {{ ref('int_rules__applied') }}
),

listed as (
    select distinct segmentation, model_version, rule_number, segment_id, rule_sql, rule_text
    from learned
),

counted as (
    select
        segmentation,
        model_version,
        rule_number,
        sum(customer_count) as customer_count,
        sum(case when rule_segment_id = segment_id then customer_count end) as hit_count
    from applied
    group by segmentation, model_version, rule_number
),

sized as (
    select segmentation, model_version, segment_id, sum(customer_count) as segment_count
    from applied
    group by segmentation, model_version, segment_id
),

measured as (
    select
        listed.segmentation,
        listed.model_version,
        listed.rule_number,
        cast(listed.segment_id as int) as segment_id,
        listed.rule_sql,
        listed.rule_text,
        cast(coalesce(counted.customer_count, 0) as bigint) as customer_count,
        {{ ratio('coalesce(counted.hit_count, 0)', 'counted.customer_count') }}
            as rule_precision,
        coalesce({{ ratio('counted.hit_count', 'sized.segment_count') }}, 0) as rule_coverage
    from listed
    left join counted
        on
            listed.segmentation = counted.segmentation
            and listed.model_version = counted.model_version
            and listed.rule_number = counted.rule_number
    left join sized
        on
            listed.segmentation = sized.segmentation
            and listed.model_version = sized.model_version
            and listed.segment_id = sized.segment_id
)

select * from measured
