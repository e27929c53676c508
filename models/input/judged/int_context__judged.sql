with unioned as (
    {{ union_sources('context') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, context_date, region, context_type
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                value asc,
                label asc,
                licence asc
        ) as copy_number
    from unioned
),

judged as (
    select
        *,
        case
            when context_date is null then 'context_date is missing or not a date'
            when context_type is null then 'context_type is missing'
            when licence is null then 'licence is missing: it may not be used'
            when copy_number > 1 and updated_at is not null
                then 'a later version replaced it'
            when copy_number > 1 then 'day, region and type are duplicated'
            when is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash([
            'source',
            'cast(context_date as ' ~ dbt.type_string() ~ ')',
            'region',
            'context_type',
        ]) }} as row_key_hash
    from numbered
)

select * from judged
