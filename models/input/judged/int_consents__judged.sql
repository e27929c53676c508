{{ config(materialized='view') }}

with unioned as (
    {{ union_sources('consents') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, source_customer_id, purpose, valid_from, is_granted, valid_to
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                collected_by asc
        ) as copy_number
    from unioned
),

judged as (
    select
        numbered.*,
        case
            when customers.source_customer_id is null then 'customer is missing or unknown'
            when
                numbered.purpose is null
                or numbered.purpose not in ('profiling', 'marketing', 'sharing')
                then 'purpose is not profiling, marketing or sharing'
            when numbered.valid_from is null and numbered.is_granted
                then 'a grant without valid_from'
            when numbered.valid_to < numbered.valid_from and numbered.is_granted
                then 'a grant that ends before it begins'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'consent is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        case
            when numbered.is_granted is null then 'is_granted is missing: no consent'
            when numbered.valid_from is null then 'a refusal without a date: counted as the latest'
            when cast(numbered.valid_from as date) > {{ latest_plausible_date() }}
                then 'valid_from is in the future: does not count yet'
        end as flag,
        {{ row_key_hash([
            'numbered.source',
            'numbered.source_customer_id',
            'numbered.purpose',
            'cast(numbered.valid_from as ' ~ dbt.type_string() ~ ')',
            'cast(numbered.is_granted as ' ~ dbt.type_string() ~ ')',
            'cast(numbered.valid_to as ' ~ dbt.type_string() ~ ')',
        ]) }} as row_key_hash
    from numbered
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
)

select * from judged
