with unioned as (
    {{ union_sources('campaign_responses') }}
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, response_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                campaign_id asc,
                source_customer_id asc,
                responded_on asc
        ) as copy_number
    from unioned
),

judged as (
    select
        numbered.*,
        case
            when numbered.response_id is null then 'response_id is missing'
            when campaigns.campaign_id is null then 'campaign is missing or unknown'
            when customers.source_customer_id is null then 'customer is missing or unknown'
            when numbered.responded_on is null then 'responded_on is missing or not a date'
            when numbered.responded_on > {{ latest_plausible_date() }}
                then 'responded_on is in the future'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'response_id is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash(['numbered.source', 'numbered.response_id']) }} as row_key_hash
    from numbered
    left join campaigns
        on
            numbered.source = campaigns.source
            and numbered.campaign_id = campaigns.campaign_id
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
)

select * from judged
