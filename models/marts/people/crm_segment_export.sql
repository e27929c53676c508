with mapping as (
    select * from {{ ref('crm_mapping') }}
),

customer_segments as {{ inlined() }} (
    select * from {{ ref('customer_segments') }}
),

segment_playbook as (
    select * from {{ ref('segment_playbook') }}
),

segment_journeys as (
    select * from {{ ref('segment_journeys') }}
),

records as (
    select * from {{ ref('customer_records') }}
),

purposes as (
    select * from {{ ref('customer_purposes') }}
),

people as (
    select distinct customer_segments.customer_id, purposes.purpose
    from customer_segments
    inner join purposes on customer_segments.customer_id = purposes.customer_id
),

keyed as (
    select
        mapping.target_system,
        mapping.target_field,
        people.customer_id,
        case mapping.source_column
            when 'customer_id' then people.customer_id
            else {{ dbt.hash("mapping.target_system || '|' || people.customer_id") }}
        end as record_key
    from mapping
    inner join people on mapping.purpose = people.purpose
    where mapping.is_key and mapping.source_column in ('customer_id', 'customer_hash')
    union all
    select
        mapping.target_system,
        mapping.target_field,
        people.customer_id,
        records.source_customer_id as record_key
    from mapping
    inner join records on mapping.source = records.source
    inner join people
        on records.customer_id = people.customer_id and mapping.purpose = people.purpose
    where mapping.is_key and mapping.source_column = 'source_customer_id'
),

told as (
    select
        mapping.target_system,
        mapping.target_field,
        customer_segments.customer_id,
        case
            {%- for table, columns in crm_columns().items() %}
            {%- for column in columns %}
            when mapping.source_table = '{{ table }}' and mapping.source_column = '{{ column }}'
                then cast({{ table }}.{{ column }} as {{ dbt.type_string() }})
            {%- endfor %}
            {%- endfor %}
        end as value
    from mapping
    inner join customer_segments on mapping.segmentation = customer_segments.segmentation
    {%- for table in ['segment_playbook', 'segment_journeys'] %}
    left join {{ table }}
        on
            customer_segments.segmentation = {{ table }}.segmentation
            and customer_segments.segment_id = {{ table }}.segment_id
    {%- endfor %}
    where not mapping.is_key
),

exported as (
    select
        target_system,
        record_key,
        target_field,
        record_key as value,
        {{ release_id() }} as release_id
    from keyed
    union all
    select
        keyed.target_system,
        keyed.record_key,
        told.target_field,
        told.value,
        {{ release_id() }} as release_id
    from keyed
    inner join told
        on
            keyed.target_system = told.target_system
            and keyed.customer_id = told.customer_id
)

select * from exported
