with unioned as (
    {{ union_sources('legacy_segments') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id, scheme, valid_from
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                segment asc,
                valid_to asc
        ) as copy_number
    from unioned
),

judged as (
    select
        numbered.*,
        case
            when customers.source_customer_id is null then 'customer is missing or unknown'
            when numbered.scheme is null then 'scheme is missing'
            when numbered.segment is null then 'segment is missing'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'segment is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash([
            'numbered.source',
            'numbered.source_customer_id',
            'numbered.scheme',
            'cast(numbered.valid_from as ' ~ dbt.type_string() ~ ')',
        ]) }} as row_key_hash
    from numbered
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
)

select * from judged
