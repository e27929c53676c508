with unioned as (
    {{ union_sources('interactions') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, interaction_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                occurred_at asc,
                source_customer_id asc,
                interaction_type asc
        ) as copy_number
    from unioned
),

judged as (
    select
        numbered.*,
        case
            when numbered.interaction_id is null then 'interaction_id is missing'
            when customers.source_customer_id is null then 'customer is missing or unknown'
            when
                numbered.interaction_type is null
                or numbered.interaction_type not in (
                    'session', 'page_view', 'email_sent', 'email_open', 'email_click',
                    'support_contact'
                )
                then 'interaction_type is unknown'
            when numbered.occurred_at is null then 'occurred_at is missing or not a date'
            when cast(numbered.occurred_at as date) > {{ latest_plausible_date() }}
                then 'occurred_at is in the future'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'interaction_id is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash([
            'numbered.source',
            'numbered.interaction_id',
        ]) }} as row_key_hash
    from numbered
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
)

select * from judged
