{#- Share a tenth above everybody's and at least a fiftieth of the spend: worth an offer. -#}
{% set departments = ['grocery', 'produce', 'meat', 'deli', 'bakery', 'fuel'] %}
{% set per_customer = ratio('spend_cents', 'customer_count') %}
{% set everybody = ratio(
    'sum(spend_cents) over (partition by segmentation)',
    'sum(customer_count) over (partition by segmentation)'
) %}

with counted as (
    select * from {{ ref('int_segments__counted') }}
),

profiles as (
    select * from {{ ref('segment_profiles') }}
),

metrics as (
    select * from {{ ref('segment_metrics') }}
),

scores as (
    select * from {{ ref('released_scores') }}
),

categories as (
    select * from {{ ref('customer_categories') }}
),

valued as (
    select *, {{ per_customer }} / nullif({{ everybody }}, 0) as spend_index
    from counted
    where entity = 'customer'
),

offers as (
    select
        segmentation,
        segment_id,
        replace(feature, '_share', '') as offer,
        row_number() over (
            partition by segmentation, segment_id
            order by round({{ ratio('segment_mean', 'population_mean') }}, 9) desc, feature asc
        ) as place
    from profiles
    where
        segment_id > 0
        and feature in (
            {%- for name in departments %}'{{ name }}_share'{{ ', ' if not loop.last }}{% endfor -%}
        )
        and segment_mean >= 0.02
        and segment_mean >= 1.1 * population_mean
),

channels as (
    select
        scores.segmentation,
        scores.segment_id,
        categories.value as channel,
        row_number() over (
            partition by scores.segmentation, scores.segment_id
            order by count(*) desc, categories.value asc
        ) as place
    from scores
    inner join categories
        on
            scores.customer_id = categories.customer_id
            and scores.as_of_date = categories.as_of_date
            and categories.attribute = 'main_channel'
    where scores.is_current
    group by scores.segmentation, scores.segment_id, categories.value
    having count(*) >= {{ smallest_cell() }}
),

lapsed as (
    select
        segmentation,
        segment_id,
        value as lapsed_share,
        row_number() over (partition by segmentation, segment_id order by as_of_date desc) as place
    from metrics
    where metric = 'lapsed_share'
),

proposed as (
    select
        valued.segmentation,
        valued.segment_id,
        valued.segment_name,
        valued.model_version,
        case
            when valued.segment_id = 0 then 'fallback'
            when lapsed.lapsed_share >= 0.5 then 'lapsing'
            when valued.spend_index >= 1.5 then 'valuable'
            when valued.spend_index <= 0.5 then 'light'
            else 'typical'
        end as situation,
        offers.offer,
        channels.channel
    from valued
    {%- for found in ['offers', 'channels', 'lapsed'] %}
    left join {{ found }}
        on
            valued.segmentation = {{ found }}.segmentation
            and valued.segment_id = {{ found }}.segment_id
            and {{ found }}.place = 1
    {%- endfor %}
)

select * from proposed
