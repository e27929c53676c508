"""k-means with a minimum size: the assignment is the best there is, and the promise is kept."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from k_means_constrained import KMeansConstrained
from scipy.optimize import linear_sum_assignment

from coterie import algorithms
from coterie.algorithms import UnfitError
from coterie.candidates import sizes
from coterie.prices import UnsettledError, cheapest, settle
from coterie.prototypes import squared_distances
from coterie.scoring import label


def cost_of(cost, minimum):
    """Return the cost of the assignment by prices, after checking its sizes."""
    labels = cheapest(cost, settle(cost, minimum, 1e-12))
    assert np.bincount(labels, minlength=cost.shape[1]).min() >= minimum
    return cost[np.arange(len(cost)), labels].sum()


def best_cost(cost, minimum):
    """Return the least cost: `minimum` places in every segment, the rest where it is cheapest."""
    rows, count = cost.shape
    free = np.repeat(cost.min(axis=1, keepdims=True), rows - count * minimum, axis=1)
    places = np.hstack([np.repeat(cost, minimum, axis=1), free])
    return places[linear_sum_assignment(places)].sum()


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(2, 6), st.floats(0.05, 1.0), st.floats(0, 30))
def test_prices_give_the_least_cost_of_all_assignments(seed, count, tightness, apart):
    rng = np.random.default_rng(seed)
    rows = 60
    z = rng.normal(size=(rows, 2)) + apart * (rng.random((rows, 1)) < 0.2)
    cost = squared_distances(z, rng.normal(size=(count, 2)))
    minimum = max(1, int(tightness * rows / count))
    assert cost_of(cost, minimum) == pytest.approx(best_cost(cost, minimum))


def test_prices_give_the_least_cost_by_trying_every_assignment():
    rng = np.random.default_rng(1)
    for _ in range(5):
        cost = rng.random((7, 3))
        tried = np.array(list(itertools.product(range(3), repeat=7)))
        large = np.all([(tried == k).sum(axis=1) >= 2 for k in range(3)], axis=0)
        least = cost[np.arange(7), tried[large]].sum(axis=1).min()
        assert cost_of(cost, 2) == pytest.approx(least)


def test_no_price_is_asked_where_every_segment_is_large():
    cost = squared_distances(np.array([[0.0], [1.0], [9.0], [10.0]]), np.array([[0.5], [9.5]]))
    assert settle(cost, 2, 1e-9).tolist() == [0, 0]


def test_two_small_neighbours_far_from_everybody_settle():
    rng = np.random.default_rng(0)
    z = np.vstack([rng.normal(size=(400, 2)), rng.normal(size=(20, 2)) * 0.1 + [20, 0]])
    cost = squared_distances(z, np.array([[0, 0], [20, 0], [20.3, 0]]))
    assert cost_of(cost, 100) == pytest.approx(best_cost(cost, 100))


def test_equal_rows_that_no_border_parts_are_a_reason():
    with pytest.raises(UnsettledError, match="3 segments 4 of 12 rows"):
        settle(squared_distances(np.repeat([[0.0], [1.0], [2.0]], [10, 1, 1], axis=0),
                                 np.array([[0.0], [1.0], [2.0]])), 4, 1e-9)  # fmt: skip
    z = np.repeat([[0.0], [1.0], [2.0]], [10, 1, 1], axis=0)
    with pytest.raises(UnfitError, match="too many customers are equal, ask for fewer segments"):
        algorithms.fit("kmeans_minimum_size", z, 3, seed=1, smallest_share=1 / 3)


def test_more_than_all_rows_is_a_reason():
    z = np.random.default_rng(0).normal(size=(20, 2))
    with pytest.raises(UnfitError, match="3 segments of at least 8 rows each need more than"):
        algorithms.fit("kmeans_minimum_size", z, 3, seed=1, smallest_share=0.4)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 7), st.floats(0, 0.95), st.integers(1, 9))
def test_the_promise_holds_for_the_labels_of_the_rule(seed, count, tightness, decimals):
    z = np.round(np.random.default_rng(seed).lognormal(size=(300, 2)), decimals)
    share = tightness / count
    try:
        found = algorithms.fit("kmeans_minimum_size", z, count, seed=1, smallest_share=share)
    except UnfitError as error:
        assert decimals < 4, str(error)  # only equal rows are a reason
        return
    assert sizes(label(z, found), count).min() >= share * len(z)


def test_without_a_minimum_it_is_k_means():
    z = np.random.default_rng(2).normal(size=(400, 3)).round(9)
    free = algorithms.fit("kmeans", z, 4, seed=1)
    found = algorithms.fit("kmeans_minimum_size", z, 4, seed=1)
    assert found.inertia == pytest.approx(free.inertia, rel=0.02)
    assert found.offset.tolist() == [0, 0, 0, 0]


def test_its_means_are_the_means_of_its_segments():
    z = np.random.default_rng(2).lognormal(size=(400, 2)).round(9)
    found = algorithms.fit("kmeans_minimum_size", z, 4, seed=1, smallest_share=0.2)
    labels = label(z, found)
    means = np.array([z[labels == k].mean(axis=0) for k in range(1, 5)])
    assert means == pytest.approx(found.mean)
    assert found.inertia == pytest.approx(((z - means[labels - 1]) ** 2).sum())
    assert (found.offset > 0).any()


def test_it_is_as_good_as_k_means_constrained():
    z = np.random.default_rng(2).lognormal(size=(400, 2)).round(9)
    model = KMeansConstrained(4, size_min=80, n_init=10, random_state=1).fit(z)
    found = algorithms.fit("kmeans_minimum_size", z, 4, seed=1, smallest_share=0.2)
    assert found.inertia <= model.inertia_ * 1.01
