{{ config(
    pre_hook='{{ remove_keys(this, ref("int_orders__touched"), ["source", "order_id"]) }}',
    post_hook='{{ remaining_passes(this, buckets_of(given_relations("order_lines"))) }}'
) }}
-- depends_on: {{ ref('int_orders__replaced') }}, {{ ref('int_loads__changed') }}

with unioned as (
    {{ rows_to_judge('orders') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

rates as (
    select * from {{ ref('int_exchange_rates__dated') }}
),

filled as (
    {{ filled('orders', 'unioned') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source, order_id
            order by
                updated_at desc nulls last,
                is_deleted desc nulls last,
                ordered_at asc,
                source_customer_id asc,
                location_id asc,
                channel asc
        ) as copy_number
    from filled
),

judged as (
    select
        numbered.*,
        case
            when numbered.order_id is null then 'order_id is missing'
            when numbered.source_customer_id is null
                then '{{ guest_rule() }}'
            when customers.source_customer_id is null then 'customer is unknown'
            when numbered.policy_rule is not null then numbered.policy_rule
            when numbered.ordered_at is null or numbered.order_date is null
                then 'ordered_at is missing or not a date'
            when numbered.order_date > {{ latest_plausible_date() }}
                then '{{ future_rule() }}'
            when
                coalesce(numbered.status, 'completed')
                not in ('completed', 'cancelled', 'returned')
                then 'status is none of completed, cancelled, returned'
            when rates.currency is null then 'currency has no exchange rate'
            when numbered.copy_number > 1 and numbered.updated_at is not null
                then 'a later version replaced it'
            when numbered.copy_number > 1 then 'order_id is duplicated'
            when numbered.is_deleted then 'deleted in the source'
        end as rejection_rule,
        cast(null as {{ dbt.type_string() }}) as flag,
        {{ row_key_hash(['numbered.source', 'numbered.order_id']) }} as row_key_hash
    from numbered
    left join customers
        on
            numbered.source = customers.source
            and numbered.source_customer_id = customers.source_customer_id
    left join rates on {{ is_rate_of('numbered') }}
    where {{ in_bucket('numbered.order_id', given_relations('order_lines')) }}
)

select * from judged
