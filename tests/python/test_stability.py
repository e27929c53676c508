"""Stability, separation and the promise on minimum size."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from synthetic_training import CENTRES

from coterie import algorithms
from coterie.algorithms import Components, Data
from coterie.candidates import Recipe, fit_recipe, settled, sizes, within_inertia
from coterie.scoring import label
from coterie.separation import elbows, separation
from coterie.stability import adjusted_rand_index, holdout, resample, stability
from coterie.training import md5_numbers

small = st.floats(-3, 3)


def order(rows):
    return md5_numbers([f"c{number}" for number in range(rows)], "test")


def data(z):
    return Data(z, order(len(z)))


def places(spread, rows=200, seed=0):
    rng = np.random.default_rng(seed)
    return CENTRES[np.arange(rows) % 5] / 4 + spread * rng.normal(size=(rows, 2))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60))
def test_adjusted_rand_index_equals_that_of_scikit_learn(pairs):
    from sklearn.metrics import adjusted_rand_score

    first, second = np.array(pairs).T
    expected = adjusted_rand_score(first, second)
    assert adjusted_rand_index(first, second) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", [one for one in algorithms.available() if one != "labels"])
def test_separated_blobs_are_stable_in_every_sense(name):
    z = places(0.1)
    recipe = Recipe(name, 5, 7, 0.05)
    given = replace(data(z), learn=z, outcome=10.0 * (np.arange(len(z)) % 5))
    found = stability(recipe, given, fit_recipe(recipe, given), 4)
    assert min(found.values()) > 0.99


def test_one_round_cloud_cut_in_six_is_not_stable():
    z = np.random.default_rng(1).normal(size=(300, 2))
    recipe = Recipe("kmeans", 6, 7, 0.0)
    found = stability(recipe, data(z), fit_recipe(recipe, data(z)), 8)
    assert found["cold_ari_median"] < 0.75
    assert found["cold_ari_worst"] <= found["cold_ari_p10"] <= found["cold_ari_median"]
    assert found["warm_ari_worst"] <= found["warm_ari_mean"]


def test_two_cuts_of_a_square_are_as_good_and_not_the_same():
    z = np.repeat([[1.0, 1], [1, -1], [-1, 1], [-1, -1]], 25, axis=0)
    recipe = Recipe("kmeans", 2, 7, 0.0)
    found = stability(recipe, data(z), fit_recipe(recipe, data(z)), 2)
    assert found["seed_ari_near"] < 0.1
    four = replace(recipe, segment_count=4)
    assert stability(four, data(z), fit_recipe(four, data(z)), 2)["seed_ari_near"] == 1


def test_stability_is_repeatable_and_depends_on_the_seed():
    z = np.random.default_rng(1).normal(size=(120, 2))
    fits = [Recipe("kmeans", 5, seed, 0.0) for seed in (7, 7, 8)]
    one, same, other = (stability(r, data(z), fit_recipe(r, data(z)), 3) for r in fits)
    assert one == same and one != other


def test_resamples_repeat_rows_and_are_bounded():
    rows = resample(300, 7, 0)
    assert len(rows) == 300 and len(set(rows)) < 250
    assert (rows == resample(300, 7, 0)).all() and (rows != resample(300, 7, 1)).any()
    assert len(resample(50_000, 7, 0)) == 10_000


def test_a_refit_that_the_data_cannot_carry_counts_as_zero():
    z = np.repeat([[0.0], [1.0], [2.0]], [50, 1, 1], axis=0)
    recipe = Recipe("kmeans", 3, 7, 0.0)
    found = stability(recipe, data(z), fit_recipe(recipe, data(z)), 10)
    assert found["cold_ari_worst"] == 0
    assert holdout(recipe, data(z[:1])) == 0


@settings(max_examples=60)
@given(
    hnp.arrays(float, st.tuples(st.integers(1, 40), st.just(2)), elements=small),
    hnp.arrays(float, st.tuples(st.integers(1, 8), st.just(2)), elements=small),
    st.floats(0, 1),
    st.booleans(),
)
def test_no_segment_is_smaller_than_promised(z, mean, share, is_ranked):
    start = Components(mean, np.ones_like(mean), np.zeros(len(mean)))
    ranks = np.arange(len(z), dtype=float) if is_ranked else None
    found = settled(start, z, share, ranks)
    counts = sizes(label(z, found), len(found.offset))
    assert len(counts) == 1 or (counts / len(z)).min() >= share
    assert counts.sum() == len(z)


# The others know no segment of one row: it is noise, too small to be made, or has no outcome.
@pytest.mark.parametrize(
    "name",
    sorted(
        {*algorithms.available()}
        - {"dbscan", "decision_tree", "hdbscan", "kmeans_minimum_size", "labels"}
    ),
)
def test_members_of_a_dropped_segment_go_to_their_next_best(name):
    z = np.vstack([places(0.1, 100), [[9.0, 9.0]]])
    recipe = Recipe(name, 6, 7, 0.05)
    whole = algorithms.fit(name, z, 6, 7)
    found = fit_recipe(recipe, data(z))
    assert whole.segment_count == 6 and found.segment_count == 5
    assert sizes(label(z, found), 5).sum() == 101


def test_segments_are_ranked_highest_first_with_ties_by_mean():
    z = np.array([[0.0], [0.0], [5.0], [5.0], [9.0], [9.0]])
    recipe = Recipe("kmeans", 3, 7, 0.0)
    assert fit_recipe(recipe, data(z), np.array([1.0, 1, 9, 9, 5, 5])).mean.ravel().tolist() == [
        5,
        9,
        0,
    ]
    assert fit_recipe(recipe, data(z), np.ones(6)).mean.ravel().tolist() == [0, 5, 9]


def test_inertia_equals_that_of_scikit_learn():
    z = places(0.4)
    found = algorithms.fit("kmeans", z, 4, 7)
    assert within_inertia(z, found) == pytest.approx(found.inertia)


def test_separation_samples_and_equals_scikit_learn_below_the_sample():
    from sklearn.metrics import silhouette_score

    z = places(0.3)
    labels = np.arange(200) % 5 + 1
    found = separation(z, labels, order(200))
    assert found["silhouette"] == pytest.approx(silhouette_score(z, labels))
    assert 0 < found["silhouette_error"] < 0.05


@pytest.mark.parametrize("labels", [np.ones(5, dtype=int), np.arange(1, 6)])
def test_separation_of_one_segment_or_of_singletons_is_not_a_number(labels):
    found = separation(np.arange(10.0).reshape(5, 2), labels, order(5))
    assert all(np.isnan(value) for value in found.values())


def test_the_elbow_is_farthest_below_the_chord():
    found = elbows({2: 100.0, 3: 40.0, 4: 30.0, 5: 20.0, 6: 15.0})
    assert max(found, key=found.__getitem__) == 3
    assert found[2] == pytest.approx(0) and found[6] == pytest.approx(0)
    assert found[3] == pytest.approx(60 / 85 - 1 / 4)


@pytest.mark.parametrize("curve", [{2: 3.0}, {2: 3.0, 3: 2.0}, {2: 1.0, 3: 1.0, 4: 1.0}])
def test_a_curve_too_short_or_flat_has_no_elbow(curve):
    assert all(np.isnan(value) for value in elbows(curve).values())
