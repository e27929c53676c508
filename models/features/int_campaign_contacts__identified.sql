with contacts as (
    select * from {{ ref('input_campaign_contacts') }}
),

responses as (
    select * from {{ ref('input_campaign_responses') }}
),

customer_records as (
    select * from {{ ref('customer_records') }}
),

responded as (
    select
        source,
        campaign_id,
        source_customer_id,
        min(responded_on) as first_responded_on,
        count(*) as response_count
    from responses
    group by source, campaign_id, source_customer_id
),

identified as (
    select
        customer_records.customer_id,
        contacts.source,
        contacts.campaign_id,
        contacts.contacted_on,
        responded.first_responded_on,
        coalesce(responded.response_count, 0) as response_count
    from contacts
    inner join customer_records
        on
            contacts.source = customer_records.source
            and contacts.source_customer_id = customer_records.source_customer_id
    left join responded
        on
            contacts.source = responded.source
            and contacts.campaign_id = responded.campaign_id
            and contacts.source_customer_id = responded.source_customer_id
    where contacts.arm = 'treatment'
)

select * from identified
