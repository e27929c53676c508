with observed as (
    select * from {{ ref('int_outcomes__observed') }}
),

averaged as (
    select
        segmentation,
        model_version,
        segment_id
        {%- for role in ['learn', 'judge'] %},
        count(case when role = '{{ role }}' then 1 end) as {{ role }}_count,
        {{ exact_mean('amount', "role = '" ~ role ~ "'") }} as {{ role }}_mean,
        {{ exact_mean('amount * amount', "role = '" ~ role ~ "'") }} as {{ role }}_square
        {%- endfor %}
    from observed
    group by segmentation, model_version, segment_id
),

spread as (
    select
        *
        {%- for role in ['learn', 'judge'] %},
        greatest(coalesce({{ role }}_square - {{ role }}_mean * {{ role }}_mean, 0), 0)
        / nullif({{ role }}_count, 0) as {{ role }}_variance
        {%- endfor %}
    from averaged
    where learn_count > 0 and judge_count > 0
)

select * from spread
