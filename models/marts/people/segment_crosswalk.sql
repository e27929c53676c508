{#-
  A segment's customers are published, and a territory's are known to who runs it: were one cell
  alone too small to be told, the total would tell it. Then the next smallest is withheld too.
-#}
{% set ways = {
    'segment': 'segmentation, segment_id', 'territory': 'segmentation, territory, business_unit',
} %}

with scores as (
    select * from {{ ref('released_scores') }}
),

populations as (
    select * from {{ ref('seg_populations') }}
),

assigned as (
    select * from {{ ref('int_customers__assigned') }}
),

counted as (
    select
        scores.segmentation,
        scores.segment_id,
        scores.segment_name,
        assigned.territory,
        assigned.business_unit,
        max(assigned.owner) as owner,
        count(*) as customer_count,
        cast(sum(populations.spend_cents) as bigint) as spend_cents
    from scores
    inner join assigned on scores.customer_id = assigned.customer_id
    inner join populations
        on
            scores.segmentation = populations.segmentation
            and scores.as_of_date = populations.as_of_date
            and scores.customer_id = populations.customer_id
    where scores.is_current and scores.entity = 'customer'
    group by
        scores.segmentation, scores.segment_id, scores.segment_name, assigned.territory,
        assigned.business_unit
),

ranked as (
    select
        *,
        sum(customer_count) over (partition by {{ ways.segment }}) as segment_count
        {%- for way, columns in ways.items() %},
        sum(case when customer_count < {{ smallest_cell() }} then 1 else 0 end) over (
            partition by {{ columns }}
        ) as small_in_{{ way }},
        row_number() over (
            partition by {{ columns }}
            order by customer_count asc, segment_id asc, territory asc, business_unit asc
        ) as place_in_{{ way }}
        {%- endfor %}
    from counted
),

concealed as (
    select
        *,
        customer_count < {{ smallest_cell() }}
        {%- for way in ways %}
        or small_in_{{ way }} = 1 and place_in_{{ way }} = 2
        {%- endfor %}
        as is_withheld
    from ranked
),

told as (
    select
        segmentation,
        segment_id,
        segment_name,
        territory,
        business_unit,
        owner,
        case when not is_withheld then customer_count end as customer_count,
        case
            when not is_withheld then round({{ ratio('customer_count', 'segment_count') }}, 9)
        end as customer_share,
        case when not is_withheld then spend_cents end as spend_cents,
        is_withheld,
        {{ release_id() }} as release_id
    from concealed
)

select * from told
