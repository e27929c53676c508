"""Redundancy: statsmodels is the oracle of the variance inflation factor."""

import numpy as np
import pytest

from coterie.redundancy import LARGEST_VIF, correlations, reduce, variance_inflation


def columns(rows=300, noise=0.05, seed=0):
    """Return a, b, nearly a, nearly a + b."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, rows))
    return np.column_stack(
        [a, b, a + noise * rng.normal(size=rows), a + b + noise * rng.normal(size=rows)]
    )


def test_vif_equals_that_of_statsmodels():
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    z = columns(noise=0.5)
    with_constant = np.column_stack([np.ones(len(z)), z])
    expected = [variance_inflation_factor(with_constant, i + 1) for i in range(4)]
    assert variance_inflation(z) == pytest.approx(expected, rel=1e-9)


def test_correlations_equal_those_of_numpy():
    z = columns(noise=0.5)
    expected = np.abs(np.corrcoef(z.T)) - np.eye(4)
    assert correlations(z) == pytest.approx(expected, abs=1e-11)


def test_one_of_each_redundant_pair_goes_until_none_is_above_the_limit():
    found = reduce(columns(), list("abcd"), np.ones(4), 10)
    kept = [one.feature for one in found if one.is_kept]
    assert len(kept) == 2
    assert max(one.vif for one in found if one.is_kept) <= 10
    assert all("dropped: the highest VIF" in one.decision for one in found if not one.is_kept)
    assert all(one.decision.startswith("kept: VIF") for one in found if one.is_kept)


@pytest.mark.parametrize(("weights", "dropped"), [([1, 2], "a"), ([2, 1], "b"), ([1, 1], "b")])
def test_the_lighter_goes_and_ties_drop_the_later(weights, dropped):
    z = columns()[:, [0, 2]]
    found = reduce(z, ["a", "b"], np.array(weights, dtype=float), 10)
    assert [one.feature for one in found if not one.is_kept] == [dropped]
    assert {one.partner for one in found if not one.is_kept} == ({"a", "b"} - {dropped})


def test_the_strongest_pair_counts_only_if_one_of_it_is_redundant():
    rng = np.random.default_rng(1)
    parts = rng.normal(size=(2000, 6))
    pair = parts[:, 4:5] + 0.35 * rng.normal(size=(2000, 1))  # correlation 0.94, VIF about 9
    total = parts[:, :4].sum(axis=1, keepdims=True) + 0.2 * rng.normal(size=(2000, 1))
    z = np.hstack([parts[:, :5], pair, total])
    found = reduce(z, list("abcdefg"), np.ones(7), 12)
    assert {one.feature for one in found if not one.is_kept} == {"g"}


def test_exact_copies_are_measured_without_a_crash():
    a = columns()[:, :1]
    found = reduce(np.hstack([a, a, -a]), list("abc"), np.ones(3), 10)
    assert [one.is_kept for one in found] == [True, False, False]
    assert found[1].vif == LARGEST_VIF and found[0].vif == pytest.approx(1)


def test_a_single_feature_has_no_partner():
    (only,) = reduce(columns()[:, :1], ["a"], np.ones(1), 10)
    assert only.is_kept and only.vif == pytest.approx(1)
    assert only.partner is None and only.max_correlation is None
