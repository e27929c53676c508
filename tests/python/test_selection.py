"""Selection: the gates, the order of preference, and reasons with numbers."""

import math

import pytest
from synthetic_training import segmentation

from coterie.selection import Contender, select

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
        "chosen: R2 0.510 (random labels 0.002) is within 0.01 of the best of 5 that passed, "
        "with the fewest segments (median bootstrap ARI 0.90)"
    )
    assert reasons["kmeans_3"] == "not chosen: R2 0.480 against 0.510 of the chosen kmeans_5"
    assert "6 segments against 5 of the chosen kmeans_5" in reasons["kmeans_6"]
    assert "ARI 0.800 against 0.900 of the chosen kmeans_5" in reasons["gaussian_mixture_5"]
    assert "R2 could not be measured" in reasons["kmeans_4"]


def test_without_usefulness_the_stable_win():
    name, reasons = chosen(
        contender("kmeans_3", usefulness=math.nan),
        contender("kmeans_5", usefulness=math.nan, cold_ari_median=0.93),
        metric="auc",
    )
    assert name == "kmeans_5"
    assert "AUC could not be measured" in reasons["kmeans_5"]
    assert "ARI 0.900 against 0.930" in reasons["kmeans_3"]


def test_among_the_equally_stable_without_usefulness_the_better_separated_wins():
    name, reasons = chosen(
        contender("kmeans_4", usefulness=math.nan, silhouette=0.74),
        contender("kmeans_5", usefulness=math.nan, silhouette=0.88),
        contender("kmeans_6", usefulness=math.nan, silhouette=math.nan),
    )
    assert name == "kmeans_5"
    assert reasons["kmeans_4"] == (
        "not chosen: as stable, with silhouette 0.740 against 0.880 of the chosen kmeans_5"
    )


def test_none_passes_none_is_chosen():
    failed = Contender("kmeans_3", "kmeans", {}, "k = 3 exceeds 1 distinct customer")
    name, reasons = chosen(failed, contender("kmeans_4", smallest_share=0.01))
    assert name is None
    assert reasons["kmeans_3"] == "rejected: k = 3 exceeds 1 distinct customer"


def test_the_order_of_candidates_changes_nothing():
    every = [contender(f"{name}_{k}") for name in ("kmeans", "gaussian_mixture") for k in (3, 4)]
    assert chosen(*every) == chosen(*every[::-1])
