with unioned as (
    {{ union_sources('relationships') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id, related_customer_id, relationship_type
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                started_on asc
        ) as copy_number
    from unioned
),

judged as (
    select
        numbered.*,
        case
            when customers.source_customer_id is null then 'customer is missing or unknown'
            when related.source_customer_id is null then 'related customer is missing or unknown'
            when numbered.relationship_type is null then 'relationship_type is missing'
            when numbered.source_customer_id = numbered.related_customer_id then 'related to itself'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'relationship is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash([
            'numbered.source',
            'numbered.source_customer_id',
            'numbered.related_customer_id',
            'numbered.relationship_type',
        ]) }} as row_key_hash
    from numbered
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
    left join customers as related
        on
            numbered.source = related.source
            and numbered.related_customer_id = related.source_customer_id
)

select * from judged
