{% set entries = 'partition by segmentation, customer_id order by date_number' %}

with scores as {{ inlined() }} (
    select * from {{ ref('released_scores') }}
),

names as (
    select distinct segmentation, segment_id, segment_name
    from scores
),

numbered as (
    select
        *,
        dense_rank() over (partition by segmentation order by as_of_date) as date_number
    from scores
),

looked_back as (
    select
        *,
        lag(date_number) over ({{ entries }}) as previous_number,
        lag(as_of_date) over ({{ entries }}) as previous_date,
        lag(segment_id) over ({{ entries }}) as previous_segment_id,
        lag(date_number, 2) over ({{ entries }}) as earlier_number,
        lag(segment_id, 2) over ({{ entries }}) as earlier_segment_id
    from numbered
),

judged as (
    select
        *,
        is_borderline
        {% for then in ['previous', 'earlier'] %}
        or coalesce(
            {{ then }}_number >= date_number - 2
            and {{ then }}_segment_id not in (0, segment_id), false
        )
        {% endfor %}
        as is_transitional
    from looked_back
),

members as (
    select
        segmentation,
        as_of_date,
        segment_id,
        case
            when segment_id != 0 and max(date_number) > 2
                then {{ ratio('count(case when is_transitional then 1 end)', 'count(*)') }}
        end as transitional_share
    from judged
    group by segmentation, as_of_date, segment_id
),

flowed as (
    select
        segmentation,
        previous_date,
        as_of_date,
        previous_segment_id,
        segment_id,
        max(model_version) as model_version,
        count(*) as customer_count
    from judged
    where previous_number = date_number - 1
    group by segmentation, previous_date, as_of_date, previous_segment_id, segment_id
),

joined as (
    select
        flowed.segmentation,
        flowed.previous_date as from_date,
        flowed.as_of_date as to_date,
        flowed.previous_segment_id as from_segment_id,
        origins.segment_name as from_segment_name,
        flowed.segment_id as to_segment_id,
        targets.segment_name as to_segment_name,
        flowed.previous_segment_id != flowed.segment_id as is_move,
        flowed.customer_count,
        {{ ratio(
            'flowed.customer_count',
            'sum(flowed.customer_count) over (partition by flowed.segmentation, '
            ~ 'flowed.as_of_date, flowed.previous_segment_id)'
        ) }} as share_of_from,
        members.transitional_share as to_transitional_share,
        coalesce(members.transitional_share > {{ var('transitional_share') }}, false)
            as is_to_transitional,
        flowed.model_version,
        {{ release_id() }} as release_id
    from flowed
    inner join names as origins
        on
            flowed.segmentation = origins.segmentation
            and flowed.previous_segment_id = origins.segment_id
    inner join names as targets
        on
            flowed.segmentation = targets.segmentation
            and flowed.segment_id = targets.segment_id
    inner join members
        on
            flowed.segmentation = members.segmentation
            and flowed.as_of_date = members.as_of_date
            and flowed.segment_id = members.segment_id
)

select * from joined
