"""Tests of difference by segment, against scipy and statsmodels; and as published."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Project
from scipy import stats
from scipy.stats import contingency
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway

from coterie.differences import (
    OMEGA_SQUARED_BOUNDS,
    analysis_of_variance,
    chi_square,
    differences,
    holm,
    pooled,
    size_of,
)

seeds = st.integers(0, 10_000)


def moments(groups):
    n = np.array([len(one) for one in groups], dtype=float)
    return (
        n,
        np.array([one.mean() for one in groups]),
        np.array([one.var(ddof=1) for one in groups]),
    )


def groups_of(seed, count=4):
    rng = np.random.default_rng(seed)
    return [
        rng.normal(rng.normal(0, 0.5), rng.uniform(0.2, 3), rng.integers(3, 80))
        for _ in range(count)
    ]


@settings(max_examples=40)
@given(seeds)
def test_welch_is_that_of_statsmodels(seed):
    groups = groups_of(seed)
    found = analysis_of_variance(*moments(groups))
    expected = anova_oneway(groups, use_var="unequal", welch_correction=True)
    assert found["test"] == "Welch's F"
    assert found["statistic"] == pytest.approx(expected.statistic)
    assert found["df_within"] == pytest.approx(expected.df_denom)
    assert found["p_value"] == pytest.approx(expected.pvalue)


@settings(max_examples=40)
@given(seeds)
def test_effect_sizes_follow_from_fishers_table(seed):
    groups = groups_of(seed)
    values, everyone = np.concatenate(groups), sum(len(one) for one in groups)
    within = sum(((one - one.mean()) ** 2).sum() for one in groups)
    whole = ((values - values.mean()) ** 2).sum()
    error = within / (everyone - len(groups))
    found = analysis_of_variance(*moments(groups))
    assert found["eta_squared"] == pytest.approx(1 - within / whole)
    omega = (whole - within - (len(groups) - 1) * error) / (whole + error)
    assert found["effect"] == pytest.approx(max(omega, 0))


def test_without_variance_in_a_segment_the_test_is_fishers():
    groups = [np.array([1.0, 1.0, 1.0]), np.array([2.0, 3.0, 4.0]), np.array([0.0, 5.0])]
    found = analysis_of_variance(*moments(groups))
    assert found["test"] == "F"
    assert found["statistic"] == pytest.approx(stats.f_oneway(*groups).statistic)
    assert found["p_value"] == pytest.approx(stats.f_oneway(*groups).pvalue)


@settings(max_examples=40)
@given(seeds)
def test_chi_square_and_its_effect_are_those_of_scipy(seed):
    table = np.random.default_rng(seed).integers(1, 50, (3, 4))
    found = chi_square(table)
    expected = stats.chi2_contingency(table, correction=False)
    assert found["statistic"] == pytest.approx(expected.statistic)
    assert found["p_value"] == pytest.approx(expected.pvalue)
    assert found["effect"] == pytest.approx(contingency.association(table, method="cramer"))


def test_rare_values_are_taken_as_one_until_they_can_be_expected():
    table = np.array([[100, 100], [1, 0], [1, 1], [30, 20]])
    found = pooled(table)
    assert found.sum() == table.sum()
    assert stats.contingency.expected_freq(found).min() >= 5
    assert found.tolist() == [[32, 21], [100, 100]]
    assert pooled(np.array([[50, 50], [40, 60]])).tolist() == [[50, 50], [40, 60]]


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30))
def test_p_values_are_adjusted_as_by_statsmodels(values):
    p = np.array(values, dtype=float)
    known = ~np.isnan(p)
    adjusted = holm(p)
    assert np.isnan(adjusted[~known]).all()
    if known.any():
        expected = multipletests(p[known], method="holm")[1]
        assert adjusted[known] == pytest.approx(expected)


def test_what_cannot_be_tested_says_why():
    rows = [
        ("s", 1, "flat", 5, 1.0, 0.0), ("s", 2, "flat", 5, 2.0, 0.0),
        ("s", 1, "absent", 0, np.nan, np.nan), ("s", 2, "absent", 9, 1.0, 1.0),
        ("s", 1, "good", 50, 1.0, 1.0), ("s", 2, "good", 50, 3.0, 1.0),
    ]  # fmt: skip
    columns = ["segmentation", "segment_id", "feature", "value_count", "mean", "sd"]
    categories = pd.DataFrame(
        [("s", "colour", "red", 1, 5), ("s", "colour", "red", 2, 5)],
        columns=["segmentation", "attribute", "value", "segment_id", "customer_count"],
    )
    found = differences(pd.DataFrame(rows, columns=columns), categories).set_index("feature")
    assert found.loc["flat", "obstacle"] == "does not vary within any segment"
    assert found.loc["absent", "obstacle"] == "fewer than two segments have values"
    assert found.loc["colour", "obstacle"] == "has one value or one segment only"
    assert found.loc["good", "effect_size"] == "large"
    assert found.loc["good", "adjusted_p_value"] == found.loc["good", "p_value"], "of one test"


def test_an_effect_has_a_word():
    effects = {0.0: "negligible", 0.01: "small", 0.0599: "small", 0.06: "medium", 0.5: "large"}
    for effect, word in effects.items():
        assert size_of(effect, OMEGA_SQUARED_BOUNDS) == word


# As published.


def test_published_tests_are_those_of_the_customers(small: Project) -> None:
    found = small.served("select * from segment_tests where kind = 'feature' and test is not null")
    people = small.query(
        "select scores.segmentation, scores.segment_id, features.* from release.released_scores "
        "as scores inner join features.customer_features as features using (customer_id, "
        "as_of_date) where scores.is_current and scores.segment_id != 0"
    )
    compared = 0
    for row in found.sort_values(["segmentation", "feature"]).iloc[::4].itertuples():
        mine = people[people["segmentation"] == row.segmentation].dropna(subset=[row.feature])
        groups = [one[row.feature].to_numpy(dtype=float) for _, one in mine.groupby("segment_id")]
        use = "unequal" if row.test == "Welch's F" else "equal"
        expected = anova_oneway(groups, use_var=use, welch_correction=True)
        assert row.statistic == pytest.approx(expected.statistic, rel=1e-3)
        assert row.customer_count == len(mine)
        compared += 1
    assert compared > 20


def test_published_categories_are_those_of_the_customers(small: Project) -> None:
    (row,) = small.served(
        "select * from segment_tests where kind = 'category' and segmentation = 'basket' "
        "and feature = 'main_department'"
    ).itertuples()
    people = small.query(
        "select value, segment_id from release.released_scores inner join "
        "features.customer_categories using (customer_id, as_of_date) where is_current "
        "and segment_id != 0 and segmentation = 'basket' and attribute = 'main_department'"
    )
    table = pooled(pd.crosstab(people["value"], people["segment_id"]).to_numpy())
    expected = stats.chi2_contingency(table, correction=False)
    assert row.statistic == pytest.approx(expected.statistic)
    assert row.customer_count == len(people)


def test_a_verdict_heeds_size_and_certainty_and_marks_what_was_fitted(small: Project) -> None:
    found = small.served("select * from segment_tests")
    for _, mine in found.groupby("segmentation"):
        known = mine["p_value"].notna()
        expected = multipletests(mine.loc[known, "p_value"], method="holm")[1]
        assert mine.loc[known, "adjusted_p_value"].to_numpy() == pytest.approx(expected)
    sure = found["adjusted_p_value"] < 0.05
    assert found[sure]["verdict"].str.startswith("differs").all()
    assert not found[~sure]["verdict"].str.startswith("differs").any()
    tiny = found[sure & (found["effect_size"] == "negligible")]
    assert tiny["verdict"].str.contains("next to nothing").all()
    assert not found[found["is_fitted"]].empty
    marked = found["verdict"].str.contains("the model was fitted on it")
    assert (marked == (found["is_fitted"] & found["p_value"].notna())).all()
    scales = small.query(
        "select distinct segmentation, feature from segmentation.seg_feature_scales"
    )
    pairs = found[found["is_fitted"]][["segmentation", "feature"]]
    assert set(pairs.itertuples(index=False, name=None)) == set(
        scales.itertuples(index=False, name=None)
    )
