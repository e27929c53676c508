with overrides as (
    select * from {{ ref('segment_overrides') }}
),

scores as {{ inlined() }} (
    select * from {{ ref('seg_scores') }}
),

versions as (
    select * from {{ ref('released_versions') }}
),

names as (
    select * from {{ ref('seg_segments') }}
),

customers as (
    select * from {{ ref('customers') }}
),

dates as (
    select distinct as_of_date, is_current
    from scores
),

joined as (
    select
        overrides.*,
        dates.as_of_date,
        dates.is_current,
        scores.segment_id as model_segment_id,
        names.segment_name,
        case
            when versions.segmentation is null then 'unknown segmentation'
            when customers.customer_id is null then 'unknown customer'
            when names.segment_id is null then 'unknown segment'
            when overrides.approved_on > dates.as_of_date then 'not yet valid'
            when overrides.expires_on < dates.as_of_date then 'expired'
            when scores.customer_id is null then 'customer is left out'
        end as obstacle
    from overrides
    cross join dates
    left join versions on overrides.segmentation = versions.segmentation
    left join customers on overrides.customer_id = customers.customer_id
    left join names
        on
            versions.segmentation = names.segmentation
            and versions.model_version = names.model_version
            and overrides.segment_id = names.segment_id
    left join scores
        on
            versions.segmentation = scores.segmentation
            and versions.model_version = scores.model_version
            and dates.as_of_date = scores.as_of_date
            and overrides.customer_id = scores.customer_id
),

numbered as (
    select
        *,
        row_number() over (
            partition by segmentation, customer_id, as_of_date, coalesce(obstacle, '')
            order by approved_on desc, expires_on desc, segment_id asc, reason asc
        ) as place
    from joined
),

judged as (
    select
        segmentation,
        customer_id,
        as_of_date,
        is_current,
        segment_id,
        segment_name,
        model_segment_id,
        reason,
        approved_by,
        approved_on,
        expires_on,
        case
            when obstacle is not null then obstacle
            when place > 1 then 'superseded'
            else 'applied'
        end as outcome
    from numbered
)

select * from judged
