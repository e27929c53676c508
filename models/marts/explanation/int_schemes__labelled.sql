with scores as (
    select * from {{ ref('released_scores') }}
),

features as (
    select * from {{ ref('customer_features') }}
),

legacy as (
    select * from {{ ref('input_legacy_segments') }}
),

records as (
    select * from {{ ref('customer_records') }}
),

current_scores as (
    select segmentation, customer_id, as_of_date, segment_id, segment_name
    from scores
    where is_current
),

present as (
    select distinct customer_id, as_of_date
    from current_scores
),

ranked as (
    select
        present.customer_id,
        {{ tie_safe_score('features.spend_cents', 'present.as_of_date') }} as spend_quintile,
        {%- for letter, feature in {
            'r': 'recency_days', 'f': 'order_count', 'm': 'spend_cents'
        }.items() %}
        {{ tie_safe_score('features.' ~ feature, 'present.as_of_date', steps=3) }} as {{ letter }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from present
    inner join features
        on
            present.customer_id = features.customer_id
            and present.as_of_date = features.as_of_date
),

older as (
    select
        records.customer_id,
        'legacy ' || legacy.source || '.' || legacy.scheme as scheme,
        legacy.segment,
        row_number() over (
            partition by records.customer_id, legacy.source, legacy.scheme
            order by
                legacy.valid_from desc nulls last,
                legacy.valid_to desc nulls first,
                legacy.segment asc,
                legacy.source_customer_id asc
        ) as place
    from legacy
    inner join records
        on
            legacy.source = records.source
            and legacy.source_customer_id = records.source_customer_id
    inner join present on records.customer_id = present.customer_id
    where coalesce(legacy.valid_from < present.as_of_date, true)
),

combined as (
    select
        customer_id,
        'segmentation' as kind,
        segmentation as scheme,
        segment_name as label,
        cast(segment_id as int) as segment_id
    from current_scores
    union all
    select
        customer_id,
        'baseline',
        'spend quintiles',
        'quintile ' || cast(spend_quintile as {{ dbt.type_string() }}),
        cast(null as int)
    from ranked
    union all
    select
        customer_id,
        'baseline',
        'RFM cells',
        {% for letter in ['r', 'f', 'm'] -%}
        '{{ letter | upper }}' || cast({{ letter }} as {{ dbt.type_string() }})
        {{- " || ' ' || " if not loop.last }}
        {%- endfor %},
        cast(null as int)
    from ranked
    union all
    select customer_id, 'legacy', scheme, segment, cast(null as int)
    from older
    where place = 1
)

select * from combined
