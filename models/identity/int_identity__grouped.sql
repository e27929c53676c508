with records as (
    select * from {{ ref('int_records__widened') }}
),

clusters as (
    select * from {{ ref('int_identity__clustered') }}
),

grouped as (
    select
        records.source,
        records.source_customer_id,
        coalesce(clusters.cluster_number, records.record_number) as cluster_number,
        coalesce(clusters.rule, 'source id') as rule,
        coalesce(clusters.probability, {{ double('1') }}) as probability,
        {{ release_id() }} as run
    from records
    left join clusters on records.record_number = clusters.record_number
)

select * from grouped
