with counted as (
    select * from {{ ref('int_health__counted') }}
),

costs as (
    select * from {{ ref('segment_costs') }}
),

checks as (
    select * from {{ ref('check_results') }}
),

stable as (
    select segmentation, as_of_date, value as stability
    from checks
    where is_live and check_name = 'bootstrap_stability_median'
),

costed as (
    select
        counted.*,
        costs.segment_id is not null as has_costs,
        cast(round(counted.spend_30_days_cents * costs.gross_margin_share, 0) as bigint)
        - counted.customer_count * costs.cost_per_customer_cents
        - counted.order_count_30_days * costs.cost_per_order_cents as margin_30_days_cents
    from counted
    left join costs
        on
            counted.segmentation = costs.segmentation
            and counted.segment_id = costs.segment_id
),

measured as (
    select
        costed.*,
        stable.stability,
        {%- for months in [1, 3] %}
        {{ ratio('costed.customer_count', 'before_' ~ months ~ '.customer_count') }} - 1
            as growth_{{ months }}_month{{ 's' if months > 1 }},
        {%- endfor %}
        {{ ratio('costed.margin_30_days_cents', 'costed.spend_30_days_cents') }} as margin_share
    from costed
    left join stable
        on
            costed.segmentation = stable.segmentation
            and costed.as_of_date = stable.as_of_date
    {%- for months in [1, 3] %}
    left join counted as before_{{ months }}
        on
            costed.segmentation = before_{{ months }}.segmentation
            and costed.segment_id = before_{{ months }}.segment_id
            and costed.months_before + {{ months }} = before_{{ months }}.months_before
    {%- endfor %}
)

select * from measured
