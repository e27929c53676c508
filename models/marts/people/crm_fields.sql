{% set types = {
    'integer': 'bigint', 'decimal': 'decimal(38, 9)', 'date': 'date', 'boolean': 'boolean',
} %}

with mapping as (
    select * from {{ ref('crm_mapping') }}
),

exported as (
    select * from {{ ref('crm_segment_export') }}
),

judged as (
    select
        mapping.target_system,
        mapping.target_field,
        exported.record_key,
        exported.value,
        length(exported.value) as value_length,
        length(exported.value) > mapping.maximum_length as is_too_long,
        case mapping.data_type
            {%- for word, type in types.items() %}
            when '{{ word }}' then {{ try_cast('exported.value', type) }} is null
                {%- if word == 'integer' %} or exported.value like '%.%'{% endif %}
            {%- endfor %}
            else false
        end as is_mistyped
    from mapping
    left join exported
        on
            mapping.target_system = exported.target_system
            and mapping.target_field = exported.target_field
),

measured as (
    select
        target_system,
        target_field,
        count(record_key) as record_count,
        count(value) as filled_count,
        max(value_length) as longest_length,
        count(case when value is not null and is_too_long then 1 end) as too_long_count,
        count(case when value is not null and is_mistyped then 1 end) as mistyped_count
    from judged
    group by target_system, target_field
),

fitted as (
    select
        mapping.target_system,
        mapping.target_field,
        mapping.source_table,
        mapping.source_column,
        mapping.segmentation,
        mapping.source,
        mapping.data_type,
        mapping.maximum_length,
        mapping.is_key,
        mapping.purpose,
        mapping.description,
        measured.record_count,
        {{ ratio('measured.filled_count', 'measured.record_count') }} as filled_share,
        cast(measured.longest_length as bigint) as longest_length,
        measured.too_long_count,
        measured.mistyped_count,
        case
            when not (
                mapping.is_key
                and mapping.source_column in ('customer_id', 'customer_hash', 'source_customer_id')
                {%- for table, columns in crm_columns().items() %}
                or not mapping.is_key
                and mapping.source_table = '{{ table }}'
                and mapping.source_column in (
                    {%- for column in columns %}
                    '{{ column }}'{{ ',' if not loop.last }}
                    {%- endfor %}
                )
                {%- endfor %}
            ) then 'unknown column'
            when measured.too_long_count > 0 then 'too long'
            when measured.mistyped_count > 0 then 'another type'
            when measured.filled_count = 0 then 'empty'
            else 'fits'
        end as status,
        {{ release_id() }} as release_id
    from mapping
    inner join measured
        on
            mapping.target_system = measured.target_system
            and mapping.target_field = measured.target_field
)

select * from fitted
