with pairs as (
    select * from {{ ref('int_challengers__paired') }}
),

policies as (
    select * from {{ ref('release_policies') }}
),

measured as (
    select * from {{ ref('int_gates__measured') }}
),

waivers as (
    select * from {{ ref('check_waivers') }}
),

dates as (
    select segmentation, as_of_date from {{ ref('seg_training_dates') }}
    where role = 'fit'
),

compared as (
    select
        pairs.segmentation,
        pairs.model_version,
        pairs.champion_version,
        pairs.is_live,
        policies.policy as gate,
        measured.value,
        coalesce(measured.customer_count, 0) as customer_count,
        policies.maximum,
        policies.on_breach,
        policies.when_not_assessable,
        policies.owner,
        case
            when measured.value is null then 'could not be compared'
            when measured.customer_count < policies.minimum_customers
                then 'rests on too few customers'
        end as obstacle,
        waivers.approved_by as waived_by,
        waivers.reason as waiver_reason,
        waivers.expires_on as waiver_expires_on,
        coalesce(waivers.expires_on >= dates.as_of_date, false) as is_waived,
        row_number() over (
            partition by pairs.segmentation, pairs.model_version, policies.policy
            order by waivers.expires_on desc, waivers.reason asc
        ) as waiver_number
    from pairs
    inner join policies on policies.decides = 'promotion'
    left join dates on pairs.segmentation = dates.segmentation
    left join measured
        on
            pairs.segmentation = measured.segmentation
            and pairs.model_version = measured.model_version
            and policies.policy = measured.gate
    left join waivers
        on
            policies.policy = waivers.check_name
            and pairs.segmentation = waivers.segmentation
),

judged as (
    select
        segmentation,
        model_version,
        champion_version,
        is_live,
        gate,
        value,
        customer_count,
        maximum,
        case
            when obstacle is null and value <= maximum then 'pass'
            when obstacle is not null and when_not_assessable = 'show' then 'not_assessable'
            when is_waived then 'waived'
            else on_breach
        end as verdict,
        coalesce(
            obstacle,
            case when value > maximum then 'is above the maximum' else 'is within bounds' end
        ) as message,
        owner,
        waived_by,
        waiver_reason,
        waiver_expires_on
    from compared
    where waiver_number = 1
)

select * from judged
