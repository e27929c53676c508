{% set solution = 'partition by window_days, kind, solution, model_version, kpi' %}

with summed as (
    select * from {{ ref('int_kpis__summed') }}
),

spec as (
    select * from {{ ref('segmentation_spec') }}
),

varied as (
    select
        *,
        {{ ratio('total', 'customer_count') }} as mean_kpi,
        {{ double('sum(total) over (' ~ solution ~ ')') }}
        / sum(customer_count) over ({{ solution }}) as mean_of_all,
        sum(scaled_total * scaled_total / customer_count) over ({{ solution }}) as between_labels,
        sum(squared_total) over ({{ solution }}) as all_squares,
        pow(sum(scaled_total) over ({{ solution }}), 2)
        / sum(customer_count) over ({{ solution }}) as of_the_mean
    from summed
),

explained as (
    select
        *,
        round(
            (between_labels - of_the_mean) / nullif(all_squares - of_the_mean, 0), 6
        ) as explained_share
    from varied
),

ranked as (
    select
        *,
        cast(dense_rank() over (
            partition by kpi, window_days
            order by explained_share desc nulls last
        ) as bigint) as solution_rank
    from explained
),

asked as (
    select
        outcome_metric,
        outcome_window_days,
        {{ join_text('coalesce(use_case, segmentation)', "entity = 'customer'") }} as use_cases
    from spec
    group by outcome_metric, outcome_window_days
),

told as (
    select
        ranked.kpi,
        ranked.window_days,
        ranked.as_of_date,
        asked.use_cases,
        ranked.kind,
        ranked.solution,
        ranked.model_version,
        ranked.label,
        {{ told('ranked.customer_count', 'ranked.customer_count') }} as customer_count,
        {{ told('round(ranked.mean_kpi, 6)', 'ranked.customer_count') }} as mean_kpi,
        {{ told(
            'round(ranked.mean_kpi / nullif(ranked.mean_of_all, 0), 6)', 'ranked.customer_count'
        ) }} as index_to_all,
        ranked.explained_share,
        ranked.solution_rank,
        {{ release_id() }} as release_id
    from ranked
    left join asked
        on ranked.kpi = asked.outcome_metric and ranked.window_days = asked.outcome_window_days
)

select * from told
