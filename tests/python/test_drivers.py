"""Drivers: what is planted is found, what says the same stands behind it, chance stays low."""

import numpy as np
import pandas as pd
import pytest
from project import Project
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

from coterie.drivers import (
    SCHEMA,
    SHUFFLES,
    accuracy_of,
    chosen_features,
    drivers,
    r_squared_of,
    shuffled_scores,
)


def sampled(seed=0, rows=400):
    rng = np.random.default_rng(seed)
    parts = []
    for role in ("learn", "judge"):
        strong, weak = rng.normal(size=rows), rng.normal(size=rows)
        parts.append(
            pd.DataFrame(
                {
                    "segmentation": "s", "model_version": 1, "role": role,
                    "customer_id": [f"{role}{i}" for i in range(rows)],
                    "segment_id": np.where(weak > 0, 1, 2),
                    "outcome": 3 * strong + weak + rng.normal(scale=0.3, size=rows),
                    "strong": strong, "weak": weak, "copy": strong**3,
                    "noise": rng.normal(size=rows), "constant": 1.0, "unknown": np.nan,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_what_is_planted_is_found():
    found = drivers(sampled())
    assert list(found) == SCHEMA.names
    outcome = found[found["target"] == "outcome"].set_index("feature")
    assert outcome["driver_rank"].nsmallest(2).index[0] in ("strong", "copy")
    stands = outcome["stands_for"]
    assert {*stands[stands != ""].index, *stands[stands != ""]} == {"strong", "copy"}
    assert outcome["importance"].loc["weak"] > 0.05
    assert abs(outcome["importance"].loc["noise"]) < 0.02
    assert set(outcome.index) & {"constant", "unknown"} == set()
    segment = found[found["target"] == "segment"].set_index("feature")
    assert segment["driver_rank"].idxmin() == "weak"
    assert segment["score"].iloc[0] > 0.95


def test_it_is_the_same_whatever_the_order_of_rows():
    rows = sampled()
    pd.testing.assert_frame_equal(drivers(rows), drivers(rows.sample(frac=1, random_state=1)))


def test_without_a_window_there_are_none():
    rows = sampled()
    assert drivers(rows[rows["role"] == "learn"]).empty
    assert drivers(rows.head(0)).empty
    same = drivers(rows.assign(segment_id=1))
    assert set(same["target"]) == {"outcome"}


def test_importance_is_that_of_scikit_learn():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(4_000, 2))
    y = 2 * x[:, 0] + x[:, 1]
    model = LinearRegression().fit(x, y)
    mine = 1 - shuffled_scores(model.predict, x, y, 0, r_squared_of)
    expected = permutation_importance(model, x, y, n_repeats=SHUFFLES, random_state=0)
    assert len(mine) == SHUFFLES
    assert mine.mean() == pytest.approx(expected["importances_mean"][0], rel=0.05)


def test_scores_are_of_each_shuffle():
    actual = np.array([1.0, 2.0, 3.0])
    predicted = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]])
    assert r_squared_of(actual, predicted).tolist() == [1.0, 0.0]
    assert accuracy_of(actual, predicted).tolist() == [1.0, pytest.approx(1 / 3)]


def test_a_label_is_told_by_the_column_that_differs_most():
    rng = np.random.default_rng(4)
    labels = rng.integers(1, 4, 500).astype(float)
    x = np.column_stack([rng.normal(size=500), labels + rng.normal(scale=0.1, size=500)])
    assert list(chosen_features(x, labels, is_number=False)) == [1, 0]


def test_published_drivers_say_what_they_explain(small: Project) -> None:
    found = small.served("select * from segment_drivers")
    assert set(found["target"]) == {"outcome", "segment"}
    assert set(found["segmentation"]) == {"basket", "value"}
    ranks = found.groupby(["segmentation", "target"])["driver_rank"]
    assert (ranks.min() == 1).all()
    assert (ranks.max() == ranks.count()).all()
    value = found[(found["segmentation"] == "value") & (found["target"] == "outcome")]
    assert set(value["explained"]) == {"spend_cents of the next 90 days"}
    assert (found["score"] <= 1).all()
    allowed = set(
        small.query("select feature from features.feature_definitions where is_allowed")["feature"]
    )
    assert set(found["feature"]) <= allowed
