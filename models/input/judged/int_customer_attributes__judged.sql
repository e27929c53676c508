with unioned as (
    {{ union_sources('customer_attributes') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id, attribute
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                value asc,
                is_protected asc
        ) as copy_number
    from unioned
),

judged as (
    select
        numbered.*,
        case
            when customers.source_customer_id is null then 'customer is missing or unknown'
            when numbered.attribute is null then 'attribute is missing'
            when numbered.value is null then 'value is missing'
            when numbered.is_protected is null
                then 'is_protected is missing: say whether it is'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'customer and attribute are duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash([
            'numbered.source',
            'numbered.source_customer_id',
            'numbered.attribute',
        ]) }} as row_key_hash
    from numbered
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
)

select * from judged
