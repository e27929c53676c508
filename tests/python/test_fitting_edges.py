"""The whole fit on bad, thin and hostile input: a clear error or a reason, never a crash."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from synthetic_training import blobs, definitions, fit, notes, simple, spec, table, values

from coterie.algorithms import UnknownAlgorithmError
from coterie.preparation import FitError

BOTH = ["kmeans", "gaussian_mixture"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None])
def test_a_value_that_is_not_finite_is_named_and_counted(value):
    training = blobs(60)
    training.loc[3, "x"] = value
    with pytest.raises(FitError, match=r"value: seg_training_set\.x: 1 of 180 values .*correct"):
        fit(simple(), training)


def test_a_missing_column_is_named():
    with pytest.raises(FitError, match="column x is missing from seg_training_set"):
        fit(simple(), blobs(60).drop(columns="x"))
    with pytest.raises(FitError, match="column margin is missing from seg_training_set"):
        fit(simple(rank_by="margin"), blobs(60))


def test_features_must_be_defined_and_allowed():
    with pytest.raises(FitError, match="segmentation value, feature y: is not in feature_def"):
        fit(simple(), blobs(60), defined=definitions("x"))
    banned = definitions()
    banned["is_allowed"] = banned["feature"] != "y"
    with pytest.raises(FitError, match="feature y: is not allowed.*pii, sensitive or proxy_risk"):
        fit(simple(), blobs(60), defined=banned)
    banned["is_allowed"] = banned["feature"] != "spend_cents"
    with pytest.raises(FitError, match="feature spend_cents: is not allowed"):
        fit(simple(), blobs(60), defined=banned)


def test_an_unknown_algorithm_lists_those_there_are():
    with pytest.raises(UnknownAlgorithmError, match="affinity.*gaussian_mixture, "):
        fit(simple(algorithms=["affinity"]), blobs(60))


def test_a_repeated_customer_and_two_dates_are_errors():
    training = blobs(60)
    with pytest.raises(FitError, match="1 rows repeat a customer_id"):
        fit(simple(), pd.concat([training, training.iloc[:1]]))
    two = training.copy()
    two.loc[0, "as_of_date"] = date(2016, 1, 1)
    with pytest.raises(FitError, match="stand at 2 dates"):
        fit(simple(), two)


def test_no_rows_at_all_fits_nothing_and_says_so():
    said = []
    assert fit(simple(), blobs(60).iloc[:0], progress=said.append).empty
    assert "no training rows" in said[0]


@pytest.mark.parametrize("algorithm", BOTH)
@pytest.mark.parametrize(
    "columns",
    [
        {"x": [1.0], "y": [2.0]},
        {"x": [1.0] * 30, "y": [2.0] * 30},
        {"x": [1.0] * 30, "y": [2.0] * 29 + [3.0]},
    ],
    ids=["one customer", "identical customers", "one differs"],
)
def test_no_structure_gives_reasons_and_no_model(columns, algorithm):
    fits = fit(spec(algorithms=[algorithm]), table(columns))
    assert not fits["is_chosen"].any() and fits["segment_id"].isna().all()
    assert notes(fits, "decision").str.startswith("rejected: ").all()
    assert notes(fits, "verdict")[""].startswith("no stable structure: none of 2")
    assert notes(fits, "redundancy_decision").str.contains("dropped: constant").any()


def test_too_many_segments_for_the_customers_is_a_reason():
    x = [0.0, 1, 2, 10, 11] * 6
    asked = simple(["x"], segment_count={"minimum": 5, "maximum": 6}, smallest_share=0.01)
    fits = fit(asked, table({"x": x, "y": x}))
    assert notes(fits, "decision")["kmeans_6"] == "rejected: k = 6 exceeds 5 distinct customers"
    assert notes(fits, "decision")["kmeans_5"].startswith("chosen")


def test_a_constant_feature_is_dropped_and_the_rest_fitted():
    training = blobs(100).assign(flat=4.0)
    fits = fit(simple(["flat", "x", "y"]), training, defined=definitions("x", "y", "flat"))
    decisions = fits[fits["parameter"] == "redundancy_decision"].set_index("feature")
    assert decisions.loc["flat", "note"] == "dropped: constant"
    assert decisions["value"].to_dict() == {"flat": 0, "x": 1, "y": 1}
    centers = fits[fits["parameter"] == "center"]
    assert dict(zip(centers["feature"], centers["position"], strict=True)) == {"x": 1, "y": 2}
    assert (fits.loc[fits["parameter"] == "scale", "value"] > 0).all()


def test_a_redundant_feature_is_dropped_by_weight():
    training = blobs(100)
    training["twin"] = 2 * training["x"] + 0.001 * np.sin(training.index)
    asked = simple([{"name": "x", "weight": 0.5}, "y", "twin"])
    fits = fit(asked, training, defined=definitions("x", "y", "twin"))
    kept = fits[fits["parameter"] == "redundancy_decision"].set_index("feature")["value"]
    assert kept.to_dict() == {"x": 0, "y": 1, "twin": 1}


def test_without_outcomes_the_stable_and_separated_is_chosen_and_the_reason_given():
    training = blobs()
    fits = fit(
        spec(segment_count={"minimum": 3, "maximum": 6}), training[training["role"] == "fit"]
    )
    assert values(fits, "usefulness").isna().all()
    assert (notes(fits, "usefulness") == "no out-of-time window yet").all()
    chosen = fits[fits["is_chosen"]]["candidate"].unique()
    assert chosen.tolist() == ["kmeans_5"]
    assert "R2 could not be measured" in notes(fits, "decision")["kmeans_5"]


def test_small_segments_are_merged_and_counted():
    asked = spec(segment_count={"minimum": 3, "maximum": 7}, smallest_share=0.15)
    fits = fit(asked, blobs())
    assert (values(fits, "smallest_share") >= 0.15).all()
    merged, count = values(fits, "merged_segment_count"), values(fits, "segment_count")
    asked_for = fits.groupby("candidate")["requested_segment_count"].first()
    pd.testing.assert_series_equal(merged + count, asked_for.astype(float), check_names=False)
    assert merged["kmeans_7"] >= 1


def test_too_few_left_after_merging_is_rejected():
    asked = spec(segment_count={"minimum": 3, "maximum": 3}, smallest_share=0.33)
    x = np.r_[np.zeros(40), np.ones(40) * 5, np.ones(8) * 9] + 0.01 * np.arange(88)
    fits = fit(asked, table({"x": x, "y": np.cos(np.arange(88))}))
    assert "2 segments remain after merging, outside 3 to 3" in notes(fits, "decision")["kmeans_3"]


def test_uniform_noise_is_no_segmentation_though_its_cuts_are_stable():
    """Stability alone cannot tell: k-means cuts an even square the same way again and again."""
    rng = np.random.default_rng(11)
    roles = ("fit", "learn", "judge")
    parts = [table({"x": rng.uniform(size=400), "y": rng.uniform(size=400)}, r) for r in roles]
    training = pd.concat(parts, ignore_index=True)
    training["outcome"] = rng.lognormal(5, 1, len(training))
    fits = fit(spec(segment_count={"minimum": 3, "maximum": 7}), training)
    assert (values(fits, "usefulness") < values(fits, "baseline_random") + 0.01).all()
    assert (values(fits, "silhouette") < 0.45).all()
    decisions = notes(fits, "decision")
    assert values(fits, "cold_ari_median")["kmeans_4"] > 0.75
    assert decisions.str.contains("of no use beyond random labels .R2 -0.0").all()
    assert not fits["is_chosen"].any()


def test_extreme_values_are_capped_or_an_error():
    training = blobs(200)
    training.loc[0, "x"] = 1e308
    fits = fit(simple(cap_quantile=0.98), training)
    assert fits["is_chosen"].any()
    assert (fits.loc[fits["parameter"] == "capped_count", "value"] <= 8).all()
    with pytest.raises(FitError, match=r"seg_training_set\.x.*log1p, or a lower cap_quantile"):
        fit(simple(cap_quantile=1), training)
