with assignments as (
    select * from {{ ref('identity_assignments') }}
),

followed as (
    select
        *,
        lag(customer_id) over (
            partition by source, source_customer_id
            order by revision
        ) as customer_id_before,
        lead(revision) over (
            partition by source, source_customer_id
            order by revision
        ) as next_revision,
        min(revision) over (partition by customer_id) as first_revision
    from assignments
),

begun as (
    select distinct
        customer_id,
        'new' as event,
        cast(null as {{ dbt.type_string() }}) as other_customer_id,
        revision,
        run
    from followed
    where revision = first_revision
),

moved as (
    select distinct
        customer_id,
        customer_id_before,
        first_revision,
        revision,
        run
    from followed
    where customer_id != customer_id_before
),

held as (
    select distinct
        moved.customer_id,
        moved.customer_id_before,
        moved.revision
    from moved
    inner join followed
        on
            moved.customer_id_before = followed.customer_id
            and followed.is_present
            and followed.revision <= moved.revision
            and (followed.next_revision > moved.revision or followed.next_revision is null)
),

told as (
    select
        moved.customer_id,
        case
            when moved.revision = moved.first_revision or held.revision is not null then 'split'
            else 'merge'
        end as event,
        moved.customer_id_before as other_customer_id,
        moved.revision,
        moved.run
    from moved
    left join held
        on
            moved.customer_id = held.customer_id
            and moved.customer_id_before = held.customer_id_before
            and moved.revision = held.revision
),

unioned as (
    select * from told
    union all
    select begun.*
    from begun
    left join told
        on
            begun.customer_id = told.customer_id
            and begun.revision = told.revision
            and told.event = 'split'
    where told.customer_id is null
)

select * from unioned
