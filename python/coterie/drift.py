"""How far features, and the sizes of segments, have moved from what the model was fitted on.

evidently does the measuring of `feature_drift_*`. It stays green on a missing column, on nulls and
on infinities, so those are found here first, and give NaN.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from coterie.categories import IS, OTHER, REST, indicator, is_indicator, level_of, source
from coterie.measurements import as_date, measurements, slice_of

RUN = ["segmentation", "model_version"]
SMALLEST_DEVIATION = 0.001  # evidently's floor under the reference standard deviation
SMALLEST_SHARE = 0.0001  # evidently's floor under the share of a cell, psi only
EVIDENTLY = {"feature_drift_wasserstein": "wasserstein", "feature_drift_psi": "psi"}
OWN = ("mean_shift_share", "mean_shift_effect")


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
    measured = _evidently(sound)
    for name in names:
        place = {"slice": slice_of(feature=name)}
        values = measured.get(name, {}) | (_mean_shift(*sound[name]) if name in sound else {})
        for check in (*EVIDENTLY, *OWN):
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


def _evidently(
    pairs: dict[str, tuple[np.ndarray, np.ndarray]],
) -> dict[str, dict[str, float]]:
    """Return evidently's drift scores per feature and check, from one report."""
    if not pairs:
        return {}
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    definition = DataDefinition(numerical_columns=list(pairs))
    reference, current = (
        Dataset.from_pandas(
            pd.DataFrame({name: pd.Series(pair[side]) for name, pair in pairs.items()}),
            data_definition=definition,
        )
        for side in (0, 1)
    )
    wanted = [
        (name, check, ValueDrift(column=name, method=method))
        for name in pairs
        for check, method in EVIDENTLY.items()
    ]
    found = Report([metric for _, _, metric in wanted]).run(current, reference).dict()["metrics"]
    scores = {(one["config"]["column"], one["config"]["method"]): one["value"] for one in found}
    return {
        name: {check: float(scores[name, method]) for check, method in EVIDENTLY.items()}
        for name in pairs
    }


def _mean_shift(reference: np.ndarray, current: np.ndarray) -> dict[str, float]:
    before, shift = abs(float(reference.mean())), abs(float(current.mean() - reference.mean()))
    return {
        "mean_shift_share": shift / before if before > 0 else np.nan,
        "mean_shift_effect": shift / max(float(np.std(reference)), SMALLEST_DEVIATION),
    }


def wasserstein(reference: np.ndarray, current: np.ndarray) -> float:
    """Return the first Wasserstein distance in standard deviations of the reference.

    The area between the two empirical distribution functions (Vaserstein 1969), as evidently's
    'wasserstein'. Finite numbers in, at least one on each side; 0 means alike.
    """
    points = np.sort(np.concatenate([reference, current]))
    gaps = np.diff(points)
    below = [
        np.searchsorted(np.sort(values), points[:-1], side="right") / len(values)
        for values in (reference, current)
    ]
    distance = float(np.sum(np.abs(below[0] - below[1]) * gaps))
    return distance / max(float(np.std(reference)), SMALLEST_DEVIATION)


def psi(reference: np.ndarray, current: np.ndarray) -> float:
    """Return the population stability index of numbers, as evidently's 'psi'.

    Cells are Sturges' bins of both together, or single values when the reference has at most 20
    distinct ones. An empty cell counts as a share of 0.0001, or a millionth of the smallest share
    when that is itself at most 0.0001. Finite numbers in; 0 means alike.
    """
    if len(np.unique(reference)) > 20:
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        cells = [np.histogram(values, edges)[0] for values in (reference, current)]
    else:
        keys, codes = np.unique(np.concatenate([reference, current]), return_inverse=True)
        split = (codes[: len(reference)], codes[len(reference) :])
        cells = [np.bincount(code, minlength=len(keys)) for code in split]
    return _stability(*(counts / counts.sum() for counts in cells))


def _stability(expected: np.ndarray, actual: np.ndarray) -> float:
    before, after = _filled(expected), _filled(actual)
    return float(np.sum((after - before) * np.log(after / before)))


def _filled(shares: np.ndarray) -> np.ndarray:
    least = shares[shares > 0].min()
    return np.where(
        shares > 0, shares, least / 10**6 if least <= SMALLEST_SHARE else SMALLEST_SHARE
    )
