with pairs as (
    select * from {{ ref('int_challengers__paired') }}
),

gates as (
    select * from {{ ref('int_gates__judged') }}
),

check_results as (
    select * from {{ ref('check_results') }}
),

live_log as (
    select * from {{ ref('live_log') }}
    where measured_release_id = {{ release_id() }}
),

asked as (
    select pairs.*
    from pairs
    left join live_log on pairs.segmentation = live_log.segmentation
    where not pairs.is_live or live_log.obstacle_kind = 'not_promoted'
),

combined as (
    select
        segmentation, model_version, gate, '' as slice, value, value as low, value as high,
        customer_count, cast(null as {{ type_double() }}) as minimum, maximum, verdict, message,
        owner, waived_by, waiver_reason, waiver_expires_on
    from gates
    union all
    select
        segmentation, model_version, check_name, slice, value, low, high,
        customer_count, minimum, maximum, status, message,
        owner, waived_by, waiver_reason, waiver_expires_on
    from check_results
),

gated as (
    select
        combined.segmentation,
        combined.model_version,
        asked.champion_version,
        combined.gate,
        combined.slice,
        combined.value,
        combined.low,
        combined.high,
        combined.customer_count,
        combined.minimum,
        combined.maximum,
        combined.verdict,
        combined.message,
        combined.owner,
        combined.waived_by,
        combined.waiver_reason,
        combined.waiver_expires_on,
        max(case when combined.verdict = 'fail' then 1 else 0 end) over (
            partition by combined.segmentation, combined.model_version
        ) = 0 as can_be_promoted,
        {{ release_id() }} as release_id
    from combined
    inner join asked
        on
            combined.segmentation = asked.segmentation
            and combined.model_version = asked.model_version
)

select * from gated
