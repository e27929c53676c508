"""How far features, and the sizes of segments, have moved from what the model was fitted on.

`feature_drift_*` are evidently's figures (tests compare), from sorted columns; those of more than
`EXACT_ROWS` customers from counts in narrow bins. evidently stays green on a missing column, on
nulls and on infinities; those are found here first, and give NaN.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from coterie import distances
from coterie.categories import IS, OTHER, REST, indicator, is_indicator, level_of, source
from coterie.measurements import as_date, measurements, slice_of

RUN = ["segmentation", "model_version"]
CHECKS = ("feature_drift_wasserstein", "feature_drift_psi", "mean_shift_share", "mean_shift_effect")
EXACT_ROWS = 200_000  # columns that are longer are not sorted but binned


def measure(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    expected: Mapping[str, Sequence[str]] | None = None,
    missing_allowed: float = 0.0,
) -> pd.DataFrame:
    """Return the measurements of drift per feature (slice 'feature=recency_days').

    `feature_drift_wasserstein` is the first Wasserstein distance in reference standard deviations,
    `feature_drift_psi` the population stability index, `mean_shift_share` the difference of means
    over the reference mean, `mean_shift_effect` the same over the reference standard deviation (of
    at least 0.001). Their customer_count is the customers with a value. All four are NaN when the
    reference or the column is missing, a value is infinite, or too many are null.
    `non_finite_count` counts nulls and infinities among all customers; NaN without the column.

    Args:
        reference: segmentation, model_version, feature, position, value: quantiles of the training
            data in raw units. Positions do not matter to the measures.
        current: segmentation, customer_id, as_of_date (one per segmentation), a column per feature.
        expected: features per segmentation that must be measured even without a reference.
        missing_allowed: the share of nulls up to which the other values are measured.

    Raises:
        ValueError: a segmentation has several as_of_dates in `current`.

    """
    rows: list[dict[str, Any]] = []
    for run, mine in reference.groupby(RUN):
        names = sorted(set(mine["feature"]) | set((expected or {}).get(run[0], [])))
        now = current[current["segmentation"] == run[0]]
        key = dict(zip(RUN, run, strict=True)) | {"as_of_date": _only_date(now, run[0])}
        then = {name: _numbers(column) for name, column in mine.groupby("feature")["value"]}
        present = {name: _now(now, name, names) for name in names if source(name) in now.columns}
        rows += [key | row for row in _measured(names, then, present, missing_allowed)]
    return measurements(rows)


def _now(current: pd.DataFrame, name: str, names: Sequence[str]) -> np.ndarray:
    """Return the column of a feature today; 0 or 1 for a level of a category."""
    if not is_indicator(name):
        return _numbers(current[name])
    return indicator(current, name, OTHER if level_of(name) == REST else IS, names)


def _only_date(current: pd.DataFrame, segmentation: str) -> date | None:
    dates = sorted({as_date(value) for value in current["as_of_date"].dropna()})
    if len(dates) > 1:
        raise ValueError(
            f"drift of {segmentation}: current features of {len(dates)} as_of_dates "
            f"({dates[0]} to {dates[-1]}); pass one"
        )
    return dates[0] if dates else None


def _numbers(column: pd.Series) -> np.ndarray:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _measured(
    names: list[str],
    then: dict[str, np.ndarray],
    now: dict[str, np.ndarray],
    missing_allowed: float,
) -> Iterator[dict[str, Any]]:
    empty = np.array([])
    pairs = {
        name: (then.get(name, empty), _present(now.get(name, empty), missing_allowed))
        for name in names
    }
    sound = {name: pair for name, pair in pairs.items() if _sound(*pair)}
    for name in names:
        place = {"slice": slice_of(feature=name)}
        values = _distances(*sound[name]) if name in sound else {}
        for check in CHECKS:
            count = int(np.isfinite(now.get(name, empty)).sum())
            value = values.get(check, np.nan)
            yield {**place, "check_name": check, "value": value, "customer_count": count}
        yield {**place, "check_name": "non_finite_count", **_non_finite(now.get(name))}


def _present(values: np.ndarray, missing_allowed: float) -> np.ndarray:
    """Return the values that are not null, none at all when more are null than is allowed."""
    null = np.isnan(values)
    return values[~null] if null.sum() <= missing_allowed * len(values) else values[:0]


def _sound(reference: np.ndarray, current: np.ndarray) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return all(
            values.size > 0 and np.isfinite(values).all() and bool(np.isfinite(np.std(values)))
            for values in (reference, current)
        )


def _non_finite(values: np.ndarray | None) -> dict[str, Any]:
    if values is None or not values.size:
        return {"value": np.nan, "customer_count": 0}
    return {"value": int((~np.isfinite(values)).sum()), "customer_count": len(values)}


def _distances(reference: np.ndarray, current: np.ndarray) -> dict[str, float]:
    is_long = len(current) > EXACT_ROWS
    moved = distances.binned(reference, current) if is_long else distances.exact(reference, current)
    before, shift = abs(float(reference.mean())), abs(float(current.mean() - reference.mean()))
    return {
        "feature_drift_wasserstein": moved.wasserstein,
        "feature_drift_psi": distances.psi(reference, current),
        "mean_shift_share": shift / before if before > 0 else np.nan,
        "mean_shift_effect": shift / distances.deviation(reference),
    }
