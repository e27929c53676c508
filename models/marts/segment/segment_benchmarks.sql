with contacts as (
    select * from {{ ref('int_contacts__placed') }}
),

sales as (
    select * from {{ ref('int_sales__placed') }}
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

described as (
    select
        contacts.*,
        case when campaigns.is_randomised then 1 else 0 end as is_random
    from contacts
    left join campaigns
        on
            contacts.source = campaigns.source
            and contacts.campaign_id = campaigns.campaign_id
),

pooled as (
    select
        segmentation,
        segment_id,
        customer_id,
        max(segment_name) as segment_name,
        max(case when has_responded then 1 else 0 end) = 1 as has_responded,
        min(is_random) as is_random
    from described
    group by segmentation, segment_id, customer_id
),

listed as (
    select
        'campaign' as benchmark, segmentation, segment_id, segment_name, source, campaign_id,
        is_random, has_responded, outcome_window_days, outcome_spend_cents
    from described
    union all
    select
        'all campaigns' as benchmark, segmentation, segment_id, segment_name, null as source,
        null as campaign_id, is_random, has_responded, null as outcome_window_days,
        null as outcome_spend_cents
    from pooled
    union all
    select
        'sales' as benchmark, segmentation, segment_id, segment_name, null as source,
        null as campaign_id, 0 as is_random, null as has_responded, outcome_window_days,
        outcome_spend_cents
    from sales
),

summed as (
    select
        benchmark,
        segmentation,
        segment_id,
        source,
        campaign_id,
        max(segment_name) as segment_name,
        min(is_random) = 1 as is_randomised,
        count(*) as customer_count,
        count(has_responded) as contacted_count,
        count(case when has_responded then 1 end) as responded_count,
        max(outcome_window_days) as outcome_window_days,
        count(outcome_spend_cents) as outcome_count,
        cast(sum(outcome_spend_cents) as bigint) as outcome_spend_cents
    from listed
    group by benchmark, segmentation, segment_id, source, campaign_id
),

measured as (
    select
        *,
        round({{ ratio('responded_count', 'contacted_count') }}, 9) as response_rate,
        {{ wilson_bound('responded_count', 'contacted_count', -1) }} as response_rate_low,
        {{ wilson_bound('responded_count', 'contacted_count', 1) }} as response_rate_high,
        round({{ ratio('outcome_spend_cents', 'outcome_count') }}, 2) as mean_outcome_spend_cents,
        case
            when benchmark = 'sales' then 'not randomised: nobody was treated, sales were observed'
            when is_randomised then 'randomised: chance decided who was contacted'
            else 'not randomised: somebody chose whom to contact, so this is no effect'
        end as design,
        {{ release_id() }} as release_id
    from summed
)

select * from measured
