with schemes as (
    select * from {{ ref('seg_schemes') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

stated as (
    select * from {{ ref('segmentation_assumptions') }}
),

shared as (
    select * from {{ ref('shared_assumptions') }}
),

listed as (
    select segmentation, assumption, owner, made_on, expires_on, 'spec' as stated_in
    from stated
    union all
    select
        schemes.segmentation,
        shared.assumption,
        shared.owner,
        shared.made_on,
        shared.expires_on,
        'shared_assumptions' as stated_in
    from shared
    inner join schemes on shared.segmentation in (schemes.segmentation, '*')
),

dated as (
    select
        listed.segmentation,
        listed.assumption,
        coalesce(listed.owner, spec.owner) as owner,
        listed.made_on,
        listed.expires_on,
        {{ days_between('schemes.as_of_date', 'listed.expires_on') }} as days_to_expiry,
        listed.stated_in
    from listed
    inner join schemes on listed.segmentation = schemes.segmentation
    inner join spec on listed.segmentation = spec.segmentation
),

judged as (
    select
        *,
        case
            when days_to_expiry < 0 then 'expired'
            when days_to_expiry <= 90 then 'expiring'
            else 'valid'
        end as status,
        {{ release_id() }} as release_id
    from dated
)

select * from judged
