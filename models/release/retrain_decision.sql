with spec as (
    select * from {{ ref('segmentation_spec') }}
),

versions as (
    select * from {{ ref('int_versions__decided') }}
),

triggers as (
    select * from {{ ref('int_triggers__measured') }}
),

summed as (
    select
        segmentation,
        model_version,
        count(case when is_set then 1 end) as cause_count,
        {{ join_text('words', 'is_set') }} as words
        {%- for cause, column in retrain_columns().items() %},
        max(case when cause = '{{ cause }}' then value end) as {{ column }}
        {%- endfor %}
    from triggers
    group by segmentation, model_version
),

combined as (
    select
        spec.segmentation,
        live.model_version,
        newest.model_version as newest_version,
        live_causes.cause_count,
        newest_causes.cause_count as newest_cause_count,
        live_causes.words
        {%- for column in retrain_columns().values() %},
        live_causes.{{ column }}
        {%- endfor %}
    from spec
    left join versions as live
        on spec.segmentation = live.segmentation and live.is_live
    left join versions as newest
        on spec.segmentation = newest.segmentation and newest.recency_rank = 1
    left join summed as live_causes
        on
            live.segmentation = live_causes.segmentation
            and live.model_version = live_causes.model_version
    left join summed as newest_causes
        on
            newest.segmentation = newest_causes.segmentation
            and newest.model_version = newest_causes.model_version
),

decided as (
    select
        segmentation,
        model_version,
        newest_version,
        newest_version is null
        or (coalesce(cause_count, 0) > 0 and coalesce(newest_cause_count, 0) > 0) as should_retrain,
        coalesce(cause_count > 0 and newest_cause_count = 0, false) as is_acted_on,
        case
            when newest_version is null then 'no version has a model'
            when coalesce(cause_count, 0) = 0 then 'nothing speaks for it'
            when newest_cause_count = 0
                then words || '; version ' || cast(newest_version as {{ dbt.type_string() }})
                    || ' answers it and waits for its promotion'
            else words
        end as reasons
        {%- for column in retrain_columns().values() %},
        {{ column }}
        {%- endfor %},
        {{ release_id() }} as release_id
    from combined
)

select * from decided
