"""Selection: the gates, the order of preference, and reasons with numbers."""

import math

import pytest
from synthetic_training import segmentation

from coterie.reasons import reasons
from coterie.selection import Contender, none_passed, select

ASKED = segmentation(
    segment_count={"minimum": 3, "maximum": 6},
    selection={
        "minimum_stability": 0.75,
        "minimum_worst_stability": 0.45,
        "usefulness_tolerance": 0.01,
    },
)


def contender(candidate, **changes):
    metrics = {
        "segment_count": float(candidate[-1]),
        "smallest_share": 0.1,
        "cold_ari_median": 0.9,
        "cold_ari_p10": 0.8,
        "usefulness": 0.5,
        "baseline_random": 0.002,
        "structure": 8.0,
        "structure_gain": 0.5,
    }
    return Contender(candidate, candidate[:-2], {**metrics, **changes})


def chosen(*contenders, metric="r2"):
    decisions = select(contenders, ASKED, metric)
    assert set(decisions) == {one.candidate for one in contenders}
    assert all(decision.reason for decision in decisions.values())
    names = [name for name, decision in decisions.items() if decision.is_chosen]
    return (names[0] if names else None), {name: d.reason for name, d in decisions.items()}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"cold_ari_median": 0.62}, "rejected: median bootstrap ARI 0.62 is below 0.75"),
        ({"cold_ari_median": 0.7499}, "rejected: median bootstrap ARI 0.7499 is below 0.75"),
        ({"cold_ari_p10": 0.4}, "rejected: tenth percentile of bootstrap ARI 0.40 is below 0.45"),
        ({"smallest_share": 0.02}, "rejected: smallest segment's share 0.02 is below 0.05"),
        ({"segment_count": 2}, "rejected: 2 segments remain after merging, outside 3 to 6"),
        ({"cold_ari_median": math.nan}, "rejected: median bootstrap ARI could not be measured"),
    ],
)
def test_each_gate_rejects_in_words(changes, reason):
    name, reasons = chosen(contender("kmeans_4"), contender("kmeans_5", **changes))
    assert name == "kmeans_4" and reasons["kmeans_5"] == reason


def test_reasons_are_joined():
    _, reasons = chosen(contender("kmeans_5", cold_ari_median=0.6, cold_ari_p10=0.3))
    assert reasons["kmeans_5"].count("; ") == 1 and "0.60" in reasons["kmeans_5"]


def test_a_value_at_the_gate_passes():
    at = {"cold_ari_median": 0.75, "cold_ari_p10": 0.45, "smallest_share": 0.05}
    assert chosen(contender("kmeans_4", **at))[0] == "kmeans_4"


def test_the_useful_win_then_the_few_then_the_stable_then_the_name():
    assert chosen(contender("kmeans_3"), contender("kmeans_5", usefulness=0.52))[0] == "kmeans_5"
    assert chosen(contender("kmeans_3"), contender("kmeans_5", usefulness=0.509))[0] == "kmeans_3"
    steady = contender("kmeans_4", cold_ari_median=0.95)
    assert chosen(contender("gaussian_mixture_4"), steady)[0] == "kmeans_4"
    assert chosen(contender("kmeans_4"), contender("gaussian_mixture_4"))[0] == "gaussian_mixture_4"


def test_losers_are_told_against_whom():
    _, reasons = chosen(
        contender("kmeans_5", usefulness=0.51),
        contender("kmeans_3", usefulness=0.48),
        contender("kmeans_6", usefulness=0.515),
        contender("gaussian_mixture_5", usefulness=0.51, cold_ari_median=0.8),
        contender("kmeans_4", usefulness=math.nan),
    )
    assert reasons["kmeans_5"] == (
        "chosen among 5 that passed: R2 within 0.01 of the best: 0.510; fewest segments: 5; "
        "median bootstrap ARI within 0.05 of the best: 0.900 (natural groups; "
        "R2 0.510, random labels 0.002; median bootstrap ARI 0.90)"
    )
    assert reasons["kmeans_3"] == "not chosen: R2 0.480 against 0.510 of the chosen kmeans_5"
    assert "number of segments 6 against 5 of the chosen kmeans_5" in reasons["kmeans_6"]
    assert "ARI 0.800 against 0.900 of the chosen kmeans_5" in reasons["gaussian_mixture_5"]
    assert "R2 that could not be measured against 0.510" in reasons["kmeans_4"]


def test_without_usefulness_the_stable_win_then_the_best_set_apart():
    name, reasons = chosen(
        contender("kmeans_3", usefulness=math.nan, cold_ari_median=0.85),
        contender("kmeans_5", usefulness=math.nan, cold_ari_median=0.93),
        contender("kmeans_6", usefulness=math.nan, structure_gain=0.4),
        metric="auc",
    )
    assert name == "kmeans_5"
    assert "AUC could not be measured" in reasons["kmeans_5"]
    assert "ARI 0.850 against 0.930" in reasons["kmeans_3"]
    assert "gain over a crowd 0.400 against 0.500" in reasons["kmeans_6"]


def test_among_the_equally_stable_without_usefulness_the_better_separated_wins():
    name, reasons = chosen(
        contender("kmeans_4", usefulness=math.nan, silhouette=0.74),
        contender("kmeans_5", usefulness=math.nan, silhouette=0.88),
        contender("kmeans_6", usefulness=math.nan, silhouette=math.nan),
    )
    assert name == "kmeans_5"
    assert reasons["kmeans_4"] == (
        "not chosen: silhouette 0.740 against 0.880 of the chosen kmeans_5"
    )


def test_a_useless_outcome_does_not_choose():
    few = contender("kmeans_3", usefulness=0.04, structure_gain=0.2)
    name, _ = chosen(few, contender("kmeans_5", usefulness=0.01))
    assert name == "kmeans_5"


NO_GROUPS = {"structure": 0.4, "structure_gain": 0.02}


def test_neither_groups_nor_use_is_a_rejection_in_numbers():
    useful = contender("kmeans_5", **NO_GROUPS)
    useless = contender("kmeans_4", **NO_GROUPS, usefulness=0.031)
    silent = contender("kmeans_3", **NO_GROUPS, usefulness=math.nan)
    unknown = contender("kmeans_6", structure=math.nan, usefulness=math.nan)
    name, reasons = chosen(useful, useless, silent, unknown)
    assert name == "kmeans_5" and "a useful cut of a continuum, not natural" in reasons[name]
    assert reasons["kmeans_4"] == (
        "rejected: no groups beyond a cut of one crowd (structure 0.4 is below 3.5), and of no use "
        "beyond random labels (R2 0.031 against 0.002, 0.05 more is asked)"
    )
    assert reasons["kmeans_3"].endswith("is below 3.5), and no outcome says it is useful")
    assert "structure could not be measured" in reasons["kmeans_6"]


def test_use_within_its_error_is_no_use():
    sure = contender("kmeans_5", **NO_GROUPS, usefulness=0.1, usefulness_error=0.02)
    unsure = contender("kmeans_5", **NO_GROUPS, usefulness=0.1, usefulness_error=0.06)
    assert chosen(sure)[0] == "kmeans_5" and chosen(unsure)[0] is None


def policy(**changes):
    return segmentation(segment_count={"minimum": 3, "maximum": 6}, selection=changes)


def winner(asked, *contenders, incumbent=None):
    found = select(contenders, asked, "r2", incumbent)
    return next((name for name, decision in found.items() if decision.is_chosen), None)


def test_what_is_preferred_is_a_policy():
    every = [
        contender("kmeans_3", silhouette=0.2, surrogate_fidelity=0.7, gap_rule=0.0),
        contender("kmeans_4", silhouette=0.5, surrogate_fidelity=0.8, gap_rule=0.0),
        contender("kmeans_5", silhouette=0.3, surrogate_fidelity=0.9, gap_rule=0.0),
        contender("kmeans_6", silhouette=0.3, structure_gain=0.9, gap_rule=1.0),
        contender("mixture_6", silhouette=0.1, bic=-100.0, cold_ari_median=0.99),
    ]
    expected = {
        "fewest": "kmeans_3", "silhouette": "kmeans_4", "interpretability": "kmeans_5",
        "structure": "kmeans_6", "gap": "kmeans_6", "bic": "mixture_6", "stability": "mixture_6",
    }  # fmt: skip
    for criterion, name in expected.items():
        assert winner(policy(prefer=[criterion]), *every) == name, criterion


def test_thresholds_are_a_policy():
    one = contender("kmeans_4", **NO_GROUPS, usefulness=0.04, fit_seconds=9.0, fit_peak_mib=50.0)
    assert winner(policy(), one) is None
    assert winner(policy(minimum_usefulness=0.03), one) == "kmeans_4"
    assert winner(policy(minimum_structure=0.3), one) == "kmeans_4"
    dear = select([one], policy(minimum_structure=0.3, maximum_fit_seconds=5), "r2")
    assert dear["kmeans_4"].reason == "rejected: 9 seconds to fit are above 5"
    big = select([one], policy(minimum_structure=0.3, maximum_fit_mib=20), "r2")
    assert big["kmeans_4"].reason == "rejected: 50 MiB at the peak of the fit are above 20"


def test_the_live_recipe_is_kept_while_it_is_as_good_if_the_policy_says_so():
    few, live = contender("kmeans_3"), contender("kmeans_6", usefulness=0.51)
    keep = policy(prefer_incumbent=True, usefulness_tolerance=0.01)
    assert winner(keep, few, live, incumbent="kmeans_6") == "kmeans_6"
    assert winner(keep, few, live) == "kmeans_3"
    free = policy(prefer_incumbent=False, usefulness_tolerance=0.01)
    assert winner(free, few, live, incumbent="kmeans_6") == "kmeans_3"
    worse = contender("kmeans_6", usefulness=0.4)
    assert winner(keep, few, worse, incumbent="kmeans_6") == "kmeans_3"
    shaky = contender("kmeans_6", cold_ari_median=0.2)
    assert winner(keep, few, shaky, incumbent="kmeans_6") == "kmeans_3"
    told = select([few, live], keep, "r2", "kmeans_6")
    assert "the live version's own" in told["kmeans_6"].reason
    assert told["kmeans_3"].reason == "not chosen: as good as kmeans_6, which is live already"


def test_every_candidate_has_reasons_for_and_against():
    every = [
        contender("kmeans_3", silhouette=0.5, baseline_spend_quintiles=0.6, gap_rule=1.0, gap=0.4),
        contender("kmeans_4", silhouette=0.4, cold_ari_median=0.5, surrogate_fidelity=0.6),
        contender("kmeans_5", **NO_GROUPS, surrogate_fidelity=0.93),
        Contender("kmeans_6", "kmeans", {}, "k = 6 exceeds 5 distinct customers"),
    ]
    found = reasons(every, ASKED, "R2")
    assert all(one.reasons_for and one.reasons_against for one in found.values())
    best = found["kmeans_3"]
    assert "stable: bootstrap ARI 0.90 in the median (0.75 is asked)" in best.reasons_for
    assert "natural groups: 8.0 standard deviations" in best.reasons_for
    assert "silhouette 0.50 is number 1 of 2" in best.reasons_for
    assert "the gap rule would stop here (gap 0.40)" in best.reasons_for
    assert best.reasons_against == "spend quintiles predict better (R2 0.600 against 0.500)"
    other = found["kmeans_4"]
    assert "median bootstrap ARI 0.50 is below 0.75" in other.reasons_against
    assert "finds the segment of 60% of customers" in other.reasons_against
    assert "silhouette 0.40 is number 2 of 2, kmeans_3 has 0.50" in other.reasons_against
    assert "finds the segment of 93% of customers" in found["kmeans_5"].reasons_for
    assert "no natural groups, a cut of a continuum" in found["kmeans_5"].reasons_against
    assert found["kmeans_6"].reasons_for == "nothing that was measured"
    assert found["kmeans_6"].reasons_against == "k = 6 exceeds 5 distinct customers"


def test_restarts_that_disagree_at_the_same_inertia_are_told():
    every = [contender("kmeans_4", seed_ari_near=0.68), contender("kmeans_5", seed_ari_near=0.97)]
    found = reasons(every, ASKED, "R2")
    told = "k is not identifiable: another start has no worse inertia (within 0.1%)"
    assert f"{told} and other segments (ARI 0.68)" in found["kmeans_4"].reasons_against
    assert "identifiable" not in found["kmeans_5"].reasons_against


def test_no_winner_is_explained_by_counts():
    failed = Contender("kmeans_6", "kmeans", {}, "k = 6 exceeds 5 distinct customers")
    shaky = contender("kmeans_4", cold_ari_p10=0.1, **NO_GROUPS, usefulness=math.nan)
    assert none_passed([failed, shaky], ASKED) == (
        "no stable structure: none of 2 candidates passed (1 could not be fitted, 1 not stable, "
        "1 neither groups beyond one crowd nor use beyond chance)"
    )


def test_none_passes_none_is_chosen():
    failed = Contender("kmeans_3", "kmeans", {}, "k = 3 exceeds 1 distinct customer")
    name, reasons = chosen(failed, contender("kmeans_4", smallest_share=0.01))
    assert name is None
    assert reasons["kmeans_3"] == "rejected: k = 3 exceeds 1 distinct customer"


def test_the_order_of_candidates_changes_nothing():
    every = [contender(f"{name}_{k}") for name in ("kmeans", "gaussian_mixture") for k in (3, 4)]
    assert chosen(*every) == chosen(*every[::-1])
