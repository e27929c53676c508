"""Validity: the chosen model against other data, calibration against the outcome, and power."""

import math

import numpy as np
import pandas as pd
import pytest
from project import Project
from runs import QUICK, run
from synthetic_training import blobs, fit, simple, spec

from coterie.candidates import Recipe
from coterie.power import SCHEMA, explained_share, power
from coterie.training import read_training
from coterie.trials import attempt, prepare_all
from coterie.usefulness import area_error, r_squared, r_squared_error
from coterie.validity import between_share, findings

FIVE = {"minimum": 5, "maximum": 5}


def found(training, **changes):
    """Return the findings on kmeans_5 of these rows, by test and detail."""
    asked = simple(segment_count=FIVE, **changes).segmentations["value"]
    prepared = prepare_all("value", asked, read_training("value", asked, training))
    winner = attempt(Recipe("kmeans", 5, 7, 0.05), prepared, lambda: 0.0)
    return {(one.test, one.detail): one for one in findings(prepared, winner)}


@pytest.fixture(scope="module")
def steady():
    """Return the findings on five blobs that are the same at every date."""
    training = blobs(600)
    training["slice_region"] = np.where(np.arange(len(training)) % 2, "North", "South")
    training["slice_main_channel"] = ["rare" if n < 50 else None for n in range(len(training))]
    return found(training)


def test_five_blobs_hold_whatever_changes(steady):
    for test in ("holdout", "seed", "resample", "out_of_time", "noise", "window", "slice"):
        values = [one.value for (name, _), one in steady.items() if name == test]
        assert values and min(values) > 0.95, test


def test_without_a_column_five_blobs_become_others(steady):
    for name in ("x", "y"):
        assert steady["without_feature", name].value < 0.8


def test_a_slice_is_judged_where_it_is_large_enough(steady):
    slices = {detail for test, detail in steady if test == "slice"}
    assert slices == {"region=North", "region=South"}
    one = steady["slice_silhouette", "region=North"]
    assert one.low < one.value < one.high and one.note == "300 customers"


def test_importance_is_eta_squared_by_an_anova():
    from scipy.stats import f_oneway

    rng = np.random.default_rng(0)
    labels = rng.integers(1, 4, 90)
    z = np.column_stack([labels + rng.normal(size=90), rng.normal(size=90), np.ones(90)])
    share = between_share(z, labels)
    for i in (0, 1):
        groups = [z[labels == k, i] for k in (1, 2, 3)]
        f = f_oneway(*groups).statistic
        assert share[i] == pytest.approx(f * 2 / (f * 2 + 87))
    assert share[2] == 0


def test_the_importance_of_a_column_moves_with_the_dates():
    training = blobs(600)
    learn = training["role"] == "learn"
    training.loc[learn, "x"] = np.random.default_rng(1).permutation(training.loc[learn, "x"])
    shuffled = found(training)["importance", "x"]
    assert shuffled.low < shuffled.value - 0.1 and shuffled.high >= shuffled.value
    moved = found(training)
    assert moved["window", "as of 2017-07-01"].value < 0.9
    assert moved["window", "as of 2017-10-01"].value > 0.95


def test_more_noise_is_less_agreement():
    noisy = found(blobs(600, spread=1.8))
    by_share = [one.value for (test, _), one in noisy.items() if test == "noise"]
    assert len(by_share) == 3 and by_share[0] > by_share[2]


def test_without_earlier_dates_the_note_says_so():
    rows = blobs(200)
    one = found(rows[rows["role"] == "fit"])["out_of_time", ""]
    assert math.isnan(one.value) and "no earlier date" in one.note
    fits = fit(spec(segment_count=FIVE), rows[rows["role"] == "fit"])
    tests = fits[fits["parameter"] == "validity_test"]
    assert tests["position"].is_unique and len(tests) > 8


def test_the_error_of_r_squared_covers_it():
    rng = np.random.default_rng(0)
    actual = rng.normal(size=(400, 500))
    predicted = 0.5 * actual + rng.normal(scale=0.3, size=actual.shape)
    values = [r_squared(a, p) for a, p in zip(actual, predicted, strict=True)]
    errors = [r_squared_error(a, p) for a, p in zip(actual, predicted, strict=True)]
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.35)


def test_the_error_of_the_area_is_that_of_hanley_and_mcneil():
    actual = np.repeat([1.0, 0.0], 50)
    predicted = np.concatenate([np.linspace(0.3, 1, 50), np.linspace(0, 0.7, 50)])
    from sklearn.metrics import roc_auc_score

    area = roc_auc_score(actual, predicted)
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + 49 * (one + two - 2 * area**2)
    assert area_error(actual, predicted) == pytest.approx(math.sqrt(variance) / 50)


def test_epsilon_squared_is_the_adjusted_r_squared_of_statsmodels():
    import statsmodels.formula.api as smf

    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"g": rng.integers(0, 4, 80)})
    frame["y"] = frame["g"] * 0.4 + rng.normal(size=80)
    expected = smf.ols("y ~ C(g)", frame).fit().rsquared_adj
    assert explained_share(frame["g"].to_numpy(), frame["y"].to_numpy()) == pytest.approx(expected)


def test_power_tells_what_predicts_from_what_does_not():
    rng = np.random.default_rng(0)
    rows = 400
    spend = rng.exponential(100, rows)
    features = pd.DataFrame(
        {
            "segmentation": "value", "outcome_metric": "spend_cents",
            "customer_id": [f"c{n}" for n in range(rows)],
            "outcome": spend * rng.uniform(0.8, 1.2, rows),
            "spend_cents": spend, "evening_share": rng.uniform(size=rows), "constant": 1.0,
        }
    )  # fmt: skip
    people = features[["segmentation", "customer_id"]]
    attributes = pd.concat(
        [
            people.assign(attribute="age", value=np.where(spend > 100, "old", "young"),
                          is_protected=True),
            people.assign(attribute="region", value="North", is_protected=False),
            people.assign(attribute="mood", value=np.where(spend > 50, "glad", "sad"),
                          is_protected=False),
        ]
    )  # fmt: skip
    definitions = pd.DataFrame(
        {
            "feature": ["spend_cents", "evening_share", "constant"],
            "family": ["rfm", "place_time", "mix"],
            "position": [1, 2, 3],
            "is_allowed": True,
        }
    )
    table = power(features, attributes, definitions, "mood").set_index("feature")
    assert list(table.reset_index()[SCHEMA.names].columns) == SCHEMA.names
    assert table.loc["spend_cents", "explained_share"] > 0.8
    assert table.loc["spend_cents", "rank_correlation"] > 0.9
    assert abs(table.loc["evening_share", "explained_share"]) < 0.05
    assert table["kind"].to_dict() == {
        "spend_cents": "behavioural", "evening_share": "behavioural", "constant": "behavioural",
        "age": "demographic", "region": "demographic", "mood": "attitudinal",
    }  # fmt: skip
    assert table.loc[["constant", "region"], "explained_share"].isna().all()
    assert table.loc["age", "explained_share"] > 0.3
    silent = power(features, attributes, definitions, "").set_index("feature")
    assert "no source gives attitudes" in silent.loc["", "note"]


def test_validity_and_power_are_published(small: Project):
    validity = small.served("select * from model_validity where segmentation = 'value'")
    expected = {"holdout", "seed", "resample", "out_of_time", "noise", "without_feature", "window",
                "importance", "importance_rank", "slice", "slice_silhouette"}  # fmt: skip
    assert set(validity["test"]) == expected
    told = small.served("select * from feature_power where segmentation = 'value'")
    assert {"behavioural", "demographic", "attitudinal"} <= set(told["kind"])
    spend = told.set_index("feature").loc["spend_cents"]
    assert spend["explained_share"] > 0.1 and spend["rank_correlation"] > 0.5
    candidates = small.served("select * from model_candidates")
    assert candidates[["reasons_for", "reasons_against", "structure", "gap"]].notna().all().all()
    assert candidates["stability_definition"].str.contains("bootstrap resamples").all()


def test_calibration_is_the_ratio_of_means_by_hand(small: Project):
    rows = small.query(
        "select * from validation.int_outcomes__observed where segmentation = 'value'"
    )
    version = rows["model_version"].max()
    mine = rows[rows["model_version"] == version]
    means = mine.pivot_table(index="segment_id", columns="role", values="amount", aggfunc="mean")
    counts = mine[mine["role"] == "judge"].groupby("segment_id").size()
    level = (counts * means["learn"]).sum() / (counts * means["judge"]).sum()
    told = small.query(
        "select * from validation.measure_calibration "
        f"where segmentation = 'value' and model_version = {version}"
    ).set_index("slice")
    assert told.loc["level", "value"] == pytest.approx(level, abs=1e-6)
    for segment, row in means.iterrows():
        found = told.loc[f"segment={segment}"]
        assert found["value"] == pytest.approx(row["learn"] / row["judge"] / level, abs=1e-6)
        assert found["low"] < found["value"] < found["high"]


def test_a_segment_that_spends_otherwise_than_it_did_stops_the_release(company: Project):
    before = company.query("select * from validation.int_outcomes__observed where role = 'judge'")
    largest = int(before.loc[before["segmentation"] == "value", "segment_id"].mode()[0])
    company.replace(
        "models/validation/int_outcomes__observed.sql",
        "        end as amount,",
        f"        end * case when dated.role = 'judge' and dated.segment_id = {largest}"
        " then 4 else 1 end as amount,",
    )
    told = run(company, "build", "--select", "int_outcomes__observed+", *QUICK)
    assert not told.is_green
    breaches = [line for line in told.breaches() if "outcome_calibration" in line]
    assert any("value" in line for line in breaches)
    assert told.status_of("segments_are_calibrated") == "fail"
