with unioned as (
    {{ union_sources('customers') }}
),

filled as (
    {{ filled('customers', 'unioned') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                registered_date asc
        ) as copy_number
    from filled
),

judged as (
    select
        *,
        case
            when source_customer_id is null then 'source_customer_id is missing'
            when policy_rule is not null then policy_rule
            when registered_date > {{ latest_plausible_date() }}
                then 'registered_date is in the future'
            when copy_number > 1 and updated_at is not null
                then 'a later version replaced it'
            when copy_number > 1 then 'source_customer_id is duplicated'
            when is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash(['source', 'source_customer_id']) }} as row_key_hash
    from numbered
)

select * from judged
