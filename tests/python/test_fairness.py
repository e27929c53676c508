"""Parity from counts equals fairlearn on people, and its intervals rarely cry wolf."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import demographic_parity_difference, demographic_parity_ratio
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from coterie.fairness import difference_bounds, measure, ratio_bounds, wilson

RUN = {"segmentation": "value", "model_version": 1, "as_of_date": date(2018, 1, 1)}
KEY = ["check_name", "slice"]


def cells(table: dict[str, list[int]], attribute: str = "age") -> pd.DataFrame:
    """Return counts from people per group (keys) and segment (1, 2, ...)."""
    rows = [
        RUN | {"attribute": attribute, "value": group, "segment_id": n, "customer_count": count}
        for group, counts in table.items()
        for n, count in enumerate(counts, start=1)
    ]
    return pd.DataFrame(rows)


def measured(counts: pd.DataFrame, *args, **options) -> pd.DataFrame:
    return measure(counts, *args, **options).set_index(KEY)


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=5))
def test_parity_equals_fairlearn_on_one_row_per_person(people):
    table = {f"group {n}": [count + 1 for count in counts] for n, counts in enumerate(people)}
    found = measured(cells(table), 1)
    rows = cells(table)
    persons = rows.loc[rows.index.repeat(rows["customer_count"])]
    for segment in (1, 2, 3):
        place = f"attribute=age, segment={segment}"
        chosen = (persons["segment_id"] == segment).to_numpy(dtype=int)
        arguments = {"y_true": chosen, "y_pred": chosen, "sensitive_features": persons["value"]}
        for name, library in (
            ("demographic_parity_ratio", demographic_parity_ratio(**arguments)),
            ("demographic_parity_difference", demographic_parity_difference(**arguments)),
        ):
            row = found.loc[(name, place)]
            assert row["value"] == pytest.approx(library, abs=1e-12)
            assert row["low"] <= row["value"] <= row["high"]


def test_parity_equals_the_formula_by_hand():
    found = measured(cells({"young band": [30, 70], "other band": [60, 40]}), 5)
    assert found.loc[("demographic_parity_ratio", "attribute=age, segment=1"), "value"] == 0.5
    assert found.loc[
        ("demographic_parity_difference", "attribute=age, segment=2"), "value"
    ] == pytest.approx(0.3)
    assert (found.loc[["demographic_parity_ratio"], "customer_count"] == 200).all()


def test_bounds_are_the_wilson_corners_with_bonferroni():
    row = measured(cells({"a": [30, 70], "b": [60, 40]}), 5).loc[
        ("demographic_parity_ratio", "attribute=age, segment=1")
    ]
    (low_a, high_a), (low_b, high_b) = (
        proportion_confint(n, 100, alpha=0.05 / 2, method="wilson") for n in (30, 60)
    )
    assert row["low"] == pytest.approx(low_a / high_b, abs=1e-12)
    assert row["high"] == pytest.approx(high_a / low_b, abs=1e-12)


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_equals_statsmodels(people, share, confidence):
    selected = round(people * share)
    expected = proportion_confint(selected, people, alpha=1 - confidence, method="wilson")
    assert wilson(selected, people, confidence) == pytest.approx(expected, abs=1e-12)


PLACE = "attribute=age, segment=1"


@pytest.mark.parametrize(
    ("table", "minimum", "count"),
    [
        ({"a": [5, 5]}, 1, 10),  # one group: fairlearn says 1.0
        ({"a": [50, 50], "b": [0, 9]}, 10, 100),  # one is too small: fairlearn says 0.0
        ({"a": [0, 50], "b": [0, 50]}, 1, 100),  # nobody selected
        ({"a": [0, 0], "b": [0, 0]}, 0, 0),  # nobody at all
    ],
)
def test_what_cannot_be_assessed_is_nan(table, minimum, count):
    found = measured(cells(table), minimum)
    for name in ("demographic_parity_ratio", "demographic_parity_difference"):
        row = found.loc[(name, PLACE)]
        assert row[["value", "low", "high"]].isna().all()
        assert row["customer_count"] == count


def test_unknown_is_a_group_of_parity_and_none_of_known_parity():
    found = measured(cells({"a": [50, 50], "b": [40, 60], "unknown": [10, 90]}), 1)
    assert found.loc[("demographic_parity_ratio", PLACE), "value"] == pytest.approx(0.2)
    assert found.loc[("known_parity_ratio", PLACE), "value"] == pytest.approx(0.8)
    assert found.loc[("known_parity_ratio", PLACE), "customer_count"] == 200


def test_one_known_group_beside_unknown_is_not_assessable_as_known_parity():
    found = measured(cells({"a": [50, 50], "unknown": [10, 90]}), 1)
    assert found.loc[[("known_parity_ratio", PLACE)], "value"].isna().all()


def test_a_missing_attribute_is_measured_as_nan_with_nobody():
    found = measured(cells({"a": [5, 5], "b": [5, 5]}), 1, attributes=["age", "income"])
    income = found[found.index.get_level_values("slice").str.startswith("attribute=income")]
    assert sorted(set(income.index.get_level_values("check_name"))) == [
        "attribute_coverage",
        "demographic_parity_difference",
        "demographic_parity_ratio",
        "known_parity_difference",
        "known_parity_ratio",
    ]
    assert income["value"].isna().all()
    assert (income["customer_count"] == 0).all()


def test_coverage_is_the_share_whose_value_is_known():
    counts = cells({"a": [30, 10], "b": [30, 10], "unknown": [40, 80]})
    counts.loc[counts["value"] == "unknown", "value"] = None
    found = measured(counts, 1)
    row = found.loc[("attribute_coverage", "attribute=age")]
    assert row["value"] == 0.4
    assert (row["low"], row["high"]) == pytest.approx(
        proportion_confint(80, 200, alpha=0.05, method="wilson")
    )
    assert found.loc[("attribute_coverage", "attribute=age, segment=2"), "value"] == 0.2


def test_people_of_no_segment_count_in_the_rates_but_are_no_segment():
    counts = cells({"a": [30, 70], "b": [60, 40]})
    counts["segment_id"] = counts["segment_id"].where(counts["segment_id"] == 1)
    found = measured(counts, 1)
    assert found.loc[("demographic_parity_ratio", PLACE), "value"] == 0.5
    assert not found.index.get_level_values("slice").str.contains("segment=-1").any()


@pytest.mark.parametrize("count", [-1, None])
def test_counts_that_are_no_counts_are_refused(count):
    counts = cells({"a": [5, 5]}).astype({"customer_count": "Int64"})
    counts.loc[0, "customer_count"] = count
    with pytest.raises(ValueError, match="1 rows with a null or negative"):
        measure(counts, 1)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="missing: attribute"):
        measure(cells({"a": [1, 2]}).drop(columns="attribute"), 1)


def simulated(rates: list[float], people: int, runs: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    selected = np.random.default_rng(7).binomial(people, rates, size=(runs, len(rates)))
    low, high = wilson(selected, np.full_like(selected, people), 0.95, len(rates))
    kept = selected.sum(axis=1) > 0  # nobody selected is not assessable
    return low[kept], high[kept]


@pytest.mark.parametrize("people", [10, 100, 1000])
@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("groups", [2, 6])
def test_true_parity_is_seldom_called_unfair(people, rate, groups):
    low, high = simulated([rate] * groups, people)
    least, most = ratio_bounds(low, high)
    assert np.mean(most < 0.8) <= 0.05
    assert np.mean(least > 1) == 0
    assert np.mean(difference_bounds(low, high)[0] > 0) <= 0.05


def test_half_the_rate_is_found_among_a_thousand():
    _, most = ratio_bounds(*simulated([0.4, 0.2], 1000))
    assert np.mean(most < 0.8) > 0.99


@pytest.mark.parametrize("rates", [[0.4, 0.2], [0.3, 0.3, 0.25], [0.1, 0.05]])
def test_the_true_ratio_is_inside_its_interval(rates):
    least, most = ratio_bounds(*simulated(rates, 300))
    true = min(rates) / max(rates)
    assert np.mean((least <= true) & (true <= most)) >= 0.95
