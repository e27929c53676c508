"""Usefulness out of time, and the baselines it is held against."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_training import blobs, segmentation, table

from coterie.candidates import Recipe
from coterie.training import Training, read_training
from coterie.usefulness import (
    NO_WINDOW,
    area_under_curve,
    baselines,
    group_means,
    quantile_groups,
    r_squared,
    random_labels,
    rfm_cells,
    spend_quintiles,
    usefulness,
)

RECIPE = Recipe("kmeans", 5, 7, 0.05)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(2, 6))
def test_equal_values_share_a_group_and_larger_ones_are_never_lower(values, groups):
    given_values = np.array(values, dtype=float)
    found = quantile_groups(given_values, groups)
    assert found.min() == 0 and found.max() < groups
    for value in set(values):
        assert len(set(found[given_values == value])) == 1
    assert (np.diff(found[np.argsort(given_values)]) >= 0).all()


def test_quintiles_of_distinct_values_are_equal_in_size():
    frame = pd.DataFrame({"spend_cents": np.arange(50.0)})
    assert np.bincount(spend_quintiles(frame)).tolist() == [10] * 5


def test_rfm_cells_are_27():
    values = np.arange(27.0)
    frame = table(
        {"recency_days": values // 9, "order_count": values // 3 % 3, "spend_cents": values % 3}
    )
    assert sorted(rfm_cells(frame)) == list(range(27))


def test_a_group_not_seen_when_learning_predicts_the_overall_mean():
    found = group_means(np.array([0, 0, 1]), np.array([1.0, 3.0, 8.0]), np.array([0, 1, 2]))
    assert found.tolist() == [2, 8, 4]


def test_r_squared_and_auc_equal_scikit_learn():
    from sklearn.metrics import r2_score

    rng = np.random.default_rng(0)
    actual, predicted = rng.normal(size=(2, 50))
    assert r_squared(actual, predicted) == pytest.approx(r2_score(actual, predicted))
    assert area_under_curve(np.array([0, 0, 1, 1]), np.array([1, 2, 2, 3])) == 0.875


def test_what_does_not_vary_cannot_be_judged():
    assert np.isnan(r_squared(np.ones(4), np.arange(4.0)))
    assert np.isnan(area_under_curve(np.ones(4), np.arange(4.0)))


def test_blobs_that_spend_differently_predict_spend_and_random_labels_do_not():
    asked = segmentation()
    training = read_training("value", asked, blobs())
    found = usefulness(RECIPE, asked, ("x", "y"), training)
    base = baselines(asked, training, 5)
    assert found.note == "r2" and found.value > 0.8
    assert base["spend_quintiles"].value > 0.8 and base["random"].value < 0.1


def test_activity_is_judged_by_auc():
    asked = segmentation(outcome={"metric": "is_active"})
    frame = blobs()
    active = (frame["spend_cents"] > 2500).astype(float).where(frame["role"] != "fit")
    training = read_training("value", asked, frame.assign(outcome=active))
    found = usefulness(RECIPE, asked, ("x", "y"), training)
    assert found.note == "auc" and found.value > 0.95
    assert baselines(asked, training, 5)["random"].value == pytest.approx(0.5, abs=0.15)


def test_the_model_is_learned_at_the_learn_date_alone():
    asked = segmentation()
    training = read_training("value", asked, blobs())
    moved = Training(training.fit.assign(x=0.0), training.learn, training.judge)
    before, after = (usefulness(RECIPE, asked, ("x", "y"), one) for one in (training, moved))
    assert before == after


@pytest.mark.parametrize("role", ["learn", "judge"])
def test_outcomes_that_are_shuffled_at_either_date_leave_nothing_to_predict(role):
    asked = segmentation()
    frame = blobs()
    rng = np.random.default_rng(5)
    judged = frame["role"] == role
    frame.loc[judged, "outcome"] = rng.permutation(frame.loc[judged, "outcome"])
    found = usefulness(RECIPE, asked, ("x", "y"), read_training("value", asked, frame))
    assert found.value < 0.1


@pytest.mark.parametrize("role", ["learn", "judge"])
def test_without_a_window_there_is_a_reason(role):
    asked = segmentation()
    frame = blobs()
    training = read_training("value", asked, frame[frame["role"] != role])
    every = [
        usefulness(RECIPE, asked, ("x", "y"), training),
        *baselines(asked, training, 5).values(),
    ]
    assert all(np.isnan(one.value) and one.note == NO_WINDOW for one in every)


def test_a_learn_date_that_cannot_carry_the_fit_is_a_reason():
    asked = segmentation()
    frame = blobs()
    frame.loc[frame["role"] == "learn", ["x", "y"]] = 1.0
    found = usefulness(RECIPE, asked, ("x", "y"), read_training("value", asked, frame))
    assert np.isnan(found.value) and "k = 5 exceeds 1 distinct customer" in found.note


def test_random_labels_follow_the_customer_and_fill_every_group():
    frame = pd.DataFrame({"customer_id": [f"c{number}" for number in range(500)]})
    found = random_labels(frame, 5)
    assert np.bincount(found).min() > 60
    assert (random_labels(frame[::-1], 5)[::-1] == found).all()
