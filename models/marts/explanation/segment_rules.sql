with rules as (
    select * from {{ ref('int_rules__measured') }}
),

versions as (
    select * from {{ ref('released_versions') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

measurements as (
    select * from {{ ref('measure_explanation') }}
),

fidelities as (
    select
        segmentation,
        model_version,
        max(case when check_name = 'surrogate_fidelity' then value end) as fidelity,
        max(case when check_name = 'surrogate_fidelity_held_out' then value end)
            as fidelity_held_out
    from measurements
    group by segmentation, model_version
),

joined as (
    select
        rules.segmentation,
        rules.rule_number,
        rules.segment_id,
        names.segment_name,
        rules.rule_sql,
        rules.rule_text,
        rules.customer_count,
        rules.rule_precision,
        rules.rule_coverage,
        fidelities.fidelity,
        fidelities.fidelity_held_out,
        rules.model_version,
        {{ release_id() }} as release_id
    from rules
    inner join versions
        on
            rules.segmentation = versions.segmentation
            and rules.model_version = versions.model_version
    inner join names
        on
            rules.segmentation = names.segmentation
            and rules.model_version = names.model_version
            and rules.segment_id = names.segment_id
    left join fidelities
        on
            rules.segmentation = fidelities.segmentation
            and rules.model_version = fidelities.model_version
)

select * from joined
