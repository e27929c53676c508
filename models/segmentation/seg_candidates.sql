{% set metrics = [
    'segment_count', 'merged_segment_count', 'silhouette', 'silhouette_error',
    'calinski_harabasz', 'davies_bouldin', 'inertia', 'elbow', 'bic',
    'cold_ari_mean', 'cold_ari_median', 'cold_ari_p10', 'cold_ari_worst',
    'warm_ari_mean', 'warm_ari_worst', 'seed_ari_mean', 'seed_ari_worst', 'holdout_ari',
    'smallest_share', 'unassigned_share', 'rows_seen', 'agreement', 'usefulness',
    'baseline_spend_quintiles', 'baseline_rfm_cells', 'baseline_random',
    'score_auc', 'group_auc_before', 'group_auc_after',
    'fit_seconds', 'fit_peak_mib', 'gap', 'gap_error', 'gap_over_one', 'structure',
    'structure_gain', 'surrogate_fidelity', 'usefulness_error',
] %}

with fits as (
    select * from {{ ref('seg_fits') }}
),

pivoted as (
    select
        segmentation,
        model_version,
        candidate,
        max(algorithm) as algorithm,
        max(requested_segment_count) as requested_segment_count,
        {% for metric in metrics %}
        max(case when parameter = '{{ metric }}' then value end) as {{ metric }},
        {% endfor %}
        max(case when parameter = 'gap_rule' then value end) = 1 as meets_gap_rule,
        max(case when parameter = 'cold_ari_median' then note end) as stability_definition,
        max(case when parameter = 'usefulness' then note end) as usefulness_measure,
        max(case when parameter = 'decision' then value end) = 1 as is_chosen,
        max(case when parameter = 'decision' then note end) as reason,
        max(case when parameter = 'reasons_for' then note end) as reasons_for,
        max(case when parameter = 'reasons_against' then note end) as reasons_against
    from fits
    where candidate != '' and segment_id is null and feature is null
    group by segmentation, model_version, candidate
)

select * from pivoted
