with unioned as (
    {{ union_sources('products') }}
),

filled as (
    {{ filled('products', 'unioned') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, product_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                department asc,
                category asc,
                is_private_label asc
        ) as copy_number
    from filled
),

judged as (
    select
        *,
        case
            when product_id is null then 'product_id is missing'
            when policy_rule is not null then policy_rule
            when department is null then 'department is missing: no policy fills it'
            when copy_number > 1 and updated_at is not null
                then 'a later version replaced it'
            when copy_number > 1 then 'product_id is duplicated'
            when is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash(['source', 'product_id']) }} as row_key_hash
    from numbered
)

select * from judged
