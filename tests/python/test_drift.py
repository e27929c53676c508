"""Drift equals evidently's figures, and what evidently passes over in silence is NaN here."""

import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp, wasserstein_distance

from coterie import drift
from coterie.distances import bin_counts, binned, exact, wasserstein
from coterie.drift import measure

TODAY = date(2018, 1, 1)
DRIFT = ["feature_drift_psi", "feature_drift_wasserstein", "mean_shift_effect", "mean_shift_share"]
RANDOM = np.random.default_rng(7)
THEN = {
    "recency_days": RANDOM.gamma(1, 30, 800),
    "order_count": RANDOM.poisson(4, 800).astype(float),  # under 20 values: cells are values
    "coupon_share": np.full(800, 0.25),
}
NOW = {
    "recency_days": RANDOM.gamma(1, 36, 1200),
    "order_count": RANDOM.poisson(5, 1200).astype(float),
    "coupon_share": np.full(1200, 0.25),
}


def reference(columns: dict[str, np.ndarray], version: int = 1) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "segmentation": "value",
                "model_version": version,
                "feature": name,
                "position": range(len(values)),
                "value": np.sort(values),
            }
        )
        for name, values in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def current(columns: dict[str, np.ndarray]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame.insert(0, "segmentation", "value")
    return frame.assign(as_of_date=TODAY, customer_id=[f"c{n}" for n in range(len(frame))])


def values(found: pd.DataFrame, feature: str) -> pd.Series:
    return found[found["slice"] == f"feature={feature}"].set_index("check_name")["value"]


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return measure(reference(THEN), current(NOW))


@pytest.fixture(scope="module")
def library() -> dict[tuple[str, str], float]:
    """Return evidently's scores by feature and method."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    definition = DataDefinition(numerical_columns=list(THEN))
    then, now = (
        Dataset.from_pandas(pd.DataFrame(one), data_definition=definition) for one in (THEN, NOW)
    )
    metrics = [
        ValueDrift(column=name, method=method) for name in THEN for method in ("wasserstein", "psi")
    ]
    found = Report(metrics).run(now, then).dict()["metrics"]
    return {(one["config"]["column"], one["config"]["method"]): one["value"] for one in found}


@pytest.mark.parametrize("feature", list(THEN))
def test_our_figures_equal_evidently(found, library, feature):
    for method in ("wasserstein", "psi"):
        ours = values(found, feature)[f"feature_drift_{method}"]
        assert ours == pytest.approx(library[feature, method], rel=1e-12, abs=1e-12)


def test_every_feature_has_five_measurements(found):
    assert len(found) == 5 * len(THEN)
    assert (found["customer_count"] == 1200).all()
    assert (found["as_of_date"] == TODAY).all()
    assert found["value"].notna().all()


def test_mean_shifts_equal_the_formula(found):
    shift = NOW["recency_days"].mean() - THEN["recency_days"].mean()
    row = values(found, "recency_days")
    assert row["mean_shift_share"] == pytest.approx(shift / THEN["recency_days"].mean())
    assert row["mean_shift_effect"] == pytest.approx(shift / THEN["recency_days"].std())
    assert row["mean_shift_share"] > 0.05


def test_no_change_is_zero(found):
    assert values(found, "coupon_share")[DRIFT].tolist() == [0, 0, 0, 0]


def with_value(value: float, rows: int) -> dict[str, np.ndarray]:
    spoiled = NOW["recency_days"].copy()
    spoiled[:rows] = value
    return NOW | {"recency_days": spoiled}


@pytest.mark.parametrize(
    ("now", "non_finite"),
    [
        ({name: NOW[name] for name in ("order_count", "coupon_share")}, np.nan),  # no column
        (with_value(np.nan, 1200), 1200),  # all null
        (with_value(np.nan, 600), 600),  # half null
        (with_value(np.inf, 1), 1),
        (with_value(-np.inf, 1200), 1200),
        (with_value(1e308, 1200), 0),  # finite, but its deviation is not
    ],
)
def test_what_evidently_passes_over_is_nan(now, non_finite):
    row = values(measure(reference(THEN), current(now)), "recency_days")
    assert row[DRIFT].isna().all()
    assert row["non_finite_count"] == pytest.approx(non_finite, nan_ok=True)


def test_one_bad_feature_does_not_hide_the_others(found):
    other = measure(reference(THEN), current(with_value(np.inf, 1)))
    pd.testing.assert_series_equal(values(other, "order_count"), values(found, "order_count"))


def test_nulls_may_be_allowed_and_then_the_rest_is_measured():
    now = with_value(np.nan, 120)
    row = measure(reference(THEN), current(now), missing_allowed=0.1)
    rest = NOW["recency_days"][120:]
    assert values(row, "recency_days")["feature_drift_wasserstein"] == pytest.approx(
        wasserstein(THEN["recency_days"], rest), abs=1e-6
    )
    assert row.set_index("slice").loc["feature=recency_days", "customer_count"].max() == 1200
    assert row.set_index("slice").loc["feature=recency_days", "customer_count"].min() == 1080


def test_a_feature_without_reference_and_a_population_without_people_are_nan():
    wanted = {"value": ["spend_cents"]}
    only = {"coupon_share": THEN["coupon_share"]}
    row = measure(reference(only), current(NOW | {"spend_cents": NOW["order_count"]}), wanted)
    assert values(row, "spend_cents")[DRIFT].isna().all()
    empty = measure(reference(only), current(NOW).head(0))
    assert empty["value"].isna().all()
    assert (empty["customer_count"] == 0).all()


def test_several_dates_are_refused():
    rows = current(NOW)
    rows.loc[0, "as_of_date"] = date(2017, 1, 1)
    with pytest.raises(ValueError, match="2 as_of_dates"):
        measure(reference(THEN), rows)


NUMBERS = st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=60).map(np.array)


@given(NUMBERS, NUMBERS)
def test_wasserstein_equals_scipy_and_is_zero_for_the_same(one, other):
    expected = wasserstein_distance(one, other) / max(np.std(one), 0.001)
    assert wasserstein(one, other) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert wasserstein(one, one) == 0


@given(NUMBERS, NUMBERS)
def test_the_largest_gap_equals_scipy(one, other):
    expected = ks_2samp(one, other, method="asymp").statistic
    assert exact(one, other).kolmogorov_smirnov == pytest.approx(expected, abs=1e-12)
    assert exact(one, one).kolmogorov_smirnov == 0


SHAPES = {
    "heavy": lambda random, by, n: (1 - random.random(n)) ** (-by / 1.5),
    "far from zero": lambda random, by, n: random.normal(1e6, by, n),
    "counts": lambda random, by, n: random.poisson(4 * by, n).astype(float),
    "shares": lambda random, by, n: np.where(random.random(n) < 0.6 * by, 0, random.random(n)),
    "both signs": lambda random, by, n: random.standard_cauchy(n) * by,
    "one value": lambda random, by, n: np.full(n, 0.25),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("by", [1.0, 1.02, 1.4])
def test_bins_are_within_a_thousandth_of_the_exact_gap(shape, by):
    random = np.random.default_rng(3)
    then, now = SHAPES[shape](random, 1.0, 100_000), SHAPES[shape](random, by, 70_000)
    sorted_ones, counted = exact(then, now), binned(then, now)
    assert counted.kolmogorov_smirnov == pytest.approx(sorted_ones.kolmogorov_smirnov, abs=1e-3)
    assert counted.kolmogorov_smirnov <= sorted_ones.kolmogorov_smirnov + 1e-12
    if shape != "both signs":  # the distance of Cauchy's tails lies where bins are wide
        assert counted.wasserstein == pytest.approx(sorted_ones.wasserstein, rel=5e-3, abs=1e-4)


def test_bins_of_batches_add_up():
    then = THEN["recency_days"]
    parts = (bin_counts(then[rows], 30.0) for rows in (slice(300), slice(300, None)))
    assert (sum(parts) == bin_counts(then, 30.0)).all()


def test_long_columns_are_binned(monkeypatch, found):
    monkeypatch.setattr(drift, "EXACT_ROWS", 1000)
    other = measure(reference(THEN), current(NOW))
    counted = binned(THEN["recency_days"], NOW["recency_days"]).wasserstein
    assert values(other, "recency_days")["feature_drift_wasserstein"] == counted
    assert counted != values(found, "recency_days")["feature_drift_wasserstein"]
    assert values(other, "recency_days")["feature_drift_psi"] == pytest.approx(
        values(found, "recency_days")["feature_drift_psi"]
    )


def test_importing_the_measures_loads_no_heavy_library():
    script = (
        "import coterie.descriptions, coterie.drift, coterie.fairness, coterie.naming, sys\n"
        "import coterie.live_separation\n"
        "print(sorted({'evidently', 'fairlearn', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
