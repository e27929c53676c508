with segments as (
    select * from {{ ref('segments') }}
),

verdicts as (
    select * from {{ ref('segment_verdicts') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by segmentation, segment_id, customer_reference
            order by given_on desc, given_by asc
        ) as place
    from verdicts
),

latest as (
    select *
    from numbered
    where place = 1
),

counted as (
    select
        segmentation,
        segment_id,
        count(*) as reviewed_count,
        count(case when verdict = 'wrong' then 1 end) as wrong_count,
        min(given_on) as first_given_on,
        max(given_on) as last_given_on
    from latest
    group by segmentation, segment_id
),

named as (
    select
        segmentation,
        segment_id,
        better_segment_id,
        row_number() over (
            partition by segmentation, segment_id order by count(*) desc, better_segment_id asc
        ) as place
    from latest
    where verdict = 'wrong' and better_segment_id is not null
    group by segmentation, segment_id, better_segment_id
    having count(*) >= {{ smallest_cell() }}
),

released as (
    select distinct segmentation
    from segments
),

heard as (
    select counted.*
    from counted
    inner join released on counted.segmentation = released.segmentation
),

joined as (
    select
        coalesce(segments.segmentation, heard.segmentation) as segmentation,
        coalesce(segments.segment_id, heard.segment_id) as segment_id,
        segments.segment_name,
        coalesce(heard.reviewed_count, 0) as reviewed_count,
        coalesce(heard.wrong_count, 0) as wrong_count,
        named.better_segment_id,
        heard.first_given_on,
        heard.last_given_on,
        case
            when segments.segment_id is null then 'no such segment'
            when heard.reviewed_count is null then 'no feedback'
            when heard.reviewed_count < {{ smallest_cell() }} then 'too few to tell'
            else 'measured'
        end as status
    from segments
    full outer join heard
        on segments.segmentation = heard.segmentation and segments.segment_id = heard.segment_id
    left join named
        on
            segments.segmentation = named.segmentation
            and segments.segment_id = named.segment_id
            and named.place = 1
),

measured as (
    select
        segmentation,
        segment_id,
        segment_name,
        {{ told('reviewed_count', 'reviewed_count') }} as reviewed_count,
        {{ told('wrong_count', 'reviewed_count') }} as wrong_count,
        {% for name, value in {
            'mislabel_rate': 'round(' ~ ratio('wrong_count', 'reviewed_count') ~ ', 9)',
            'mislabel_rate_low': wilson_bound('wrong_count', 'reviewed_count', -1),
            'mislabel_rate_high': wilson_bound('wrong_count', 'reviewed_count', 1),
        }.items() %}
        {{ told(value, 'reviewed_count') }} as {{ name }},
        {% endfor %}
        better_segment_id,
        first_given_on,
        last_given_on,
        status,
        {{ release_id() }} as release_id
    from joined
)

select * from measured
