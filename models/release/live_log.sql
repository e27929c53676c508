with spec as (
    select * from {{ ref('segmentation_spec') }}
),

decided as (
    select * from {{ ref('int_versions__decided') }}
    where is_live
),

pins as (
    select * from {{ ref('int_pins__numbered') }}
    where pin_number = 1
),

gates as (
    select * from {{ ref('int_gates__judged') }}
    where is_live
),

check_results as (
    select * from {{ ref('check_results') }}
    where is_live
),

accepted as (
    select * from {{ ref('int_versions__accepted') }}
),

known as (
    select distinct segmentation, model_version
    from accepted
),

shut as (
    select
        segmentation,
        nullif({{ join_text("gate || ' ' || message", "verdict = 'fail'") }}, '') as gates
    from gates
    group by segmentation
),

breached as (
    select
        segmentation,
        nullif(
            {{ join_text("check_name || ' ' || slice || ' ' || message", "status = 'fail'") }}, ''
        ) as checks
    from check_results
    group by segmentation
),

judged as (
    select
        spec.segmentation,
        decided.model_version,
        decided.live_because as reason,
        pins.segmentation is not null as is_pinned,
        pins.model_version as pinned_version,
        known.model_version is not null as was_live_before,
        {{ live_obstacle('kind') }} as obstacle_kind,
        {{ live_obstacle('words') }} as obstacle,
        latest.model_version as accepted_version,
        latest.measured_release_id as accepted_release_id
    from spec
    left join decided on spec.segmentation = decided.segmentation
    left join pins on spec.segmentation = pins.segmentation
    left join shut on spec.segmentation = shut.segmentation
    left join breached on spec.segmentation = breached.segmentation
    left join known
        on
            decided.segmentation = known.segmentation
            and decided.model_version = known.model_version
    left join accepted as latest
        on spec.segmentation = latest.segmentation and latest.acceptance_number = 1
),

logged as (
    select
        segmentation,
        model_version,
        reason,
        is_pinned,
        pinned_version,
        was_live_before,
        obstacle_kind,
        obstacle,
        obstacle_kind is null as is_accepted,
        case when obstacle_kind is null then model_version else accepted_version end
            as serving_version,
        case when obstacle_kind is null then {{ release_id() }} else accepted_release_id end
            as serving_release_id,
        {{ release_id() }} as measured_release_id
    from judged
)

select * from logged
