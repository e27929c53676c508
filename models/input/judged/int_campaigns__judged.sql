with unioned as (
    {{ union_sources('campaigns') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, campaign_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                starts_on asc,
                ends_on asc,
                campaign_type asc
        ) as copy_number
    from unioned
),

judged as (
    select
        *,
        case
            when campaign_id is null then 'campaign_id is missing'
            when starts_on is null then 'starts_on is missing or not a date'
            when ends_on < starts_on then 'ends_on is before starts_on'
            when copy_number > 1 and updated_at is not null
                then 'a later version replaced it'
            when copy_number > 1 then 'campaign_id is duplicated'
            when is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash(['source', 'campaign_id']) }} as row_key_hash
    from numbered
)

select * from judged
