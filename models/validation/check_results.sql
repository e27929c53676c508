with compared as (
    select * from {{ ref('int_checks__compared') }}
),

waivers as (
    select * from {{ ref('check_waivers') }}
),

joined as (
    select
        compared.*,
        waivers.approved_by as waived_by,
        waivers.reason as waiver_reason,
        waivers.expires_on as waiver_expires_on,
        coalesce(waivers.expires_on >= compared.as_of_date, false) as is_waived,
        row_number() over (
            partition by
                compared.segmentation,
                compared.model_version,
                compared.check_name,
                compared.slice
            order by waivers.expires_on desc, waivers.slice desc, waivers.reason asc
        ) as waiver_number
    from compared
    left join waivers
        on
            compared.check_name = waivers.check_name
            and compared.segmentation = waivers.segmentation
            and (
                waivers.slice is null
                or compared.slice = waivers.slice
                or compared.slice like waivers.slice || ', %'
            )
),

judged as (
    select
        segmentation,
        model_version,
        as_of_date,
        check_name,
        family,
        slice,
        value,
        low,
        high,
        customer_count,
        minimum,
        maximum,
        minimum_customers,
        on_breach,
        case
            when absence is not null then 'not_available'
            when obstacle is null and fault is null then 'pass'
            when obstacle != 'was not measured' and when_not_assessable = 'show'
                then 'not_assessable'
            when is_waived then 'waived'
            else on_breach
        end as status,
        coalesce(absence, obstacle, fault, 'is within bounds') as message,
        reason as policy_reason,
        owner,
        waived_by,
        waiver_reason,
        waiver_expires_on,
        is_live,
        {{ release_id() }} as release_id
    from joined
    where waiver_number = 1
)

select * from judged
