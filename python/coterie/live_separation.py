"""How far apart the segments of scored customers are: three cluster validity indices.

`separation` measures a candidate while it is fitted; this measures every scored version afterwards.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from coterie.measurements import as_date, measurements

RUN = ["segmentation", "model_version", "as_of_date"]
CHECKS = ("silhouette", "davies_bouldin", "calinski_harabasz")


def measure(scored: pd.DataFrame, sample: int = 5000) -> pd.DataFrame:
    """Return silhouette, davies_bouldin and calinski_harabasz per run, NaN where undefined.

    silhouette (Rousseeuw 1987) is the mean over at most `sample` customers in md5 order of
    customer_id, low and high 1.96 standard errors either side; davies_bouldin (1979) and
    calinski_harabasz (1974) use every row. All are NaN with fewer than two segments, no more
    customers than segments, a value that is not finite, or no spread within the segments.

    Args:
        scored: segmentation, model_version, as_of_date, customer_id, segment_id, standardised (a
            list of doubles as the model saw them). Rows where segment_id or standardised is null
            (scored by no model) are left out, and out of customer_count.
        sample: the most customers whose silhouette is taken.

    Raises:
        ValueError: the lists of one run differ in length.

    """
    rows: list[dict[str, Any]] = []
    for run, mine in scored.groupby(RUN):
        key = dict(zip(RUN, run, strict=True)) | {"as_of_date": as_date(run[2])}
        inside = mine[mine["segment_id"].notna() & mine["standardised"].notna()]
        rows += [key | row for row in _measured(inside, sample)]
    return measurements(rows)


def _measured(scored: pd.DataFrame, sample: int) -> Iterator[dict[str, Any]]:
    ordered = scored.iloc[np.argsort([_md5(key) for key in scored["customer_id"]], kind="stable")]
    labels = ordered["segment_id"].to_numpy(dtype=int)
    points = _matrix(ordered)
    assessable = _is_assessable(points, labels)
    inner = _silhouette(points[:sample], labels[:sample]) if assessable else {"value": np.nan}
    yield {"check_name": "silhouette", **inner, "customer_count": min(len(points), sample)}
    for name in CHECKS[1:]:
        value = _index(name, points, labels) if assessable else np.nan
        yield {"check_name": name, "value": value, "customer_count": len(points)}


def _md5(key: object) -> str:
    return hashlib.md5(str(key).encode()).hexdigest()


def _matrix(scored: pd.DataFrame) -> np.ndarray:
    lists = scored["standardised"].tolist()
    widths = {len(one) for one in lists}
    if len(widths) > 1:
        raise ValueError(
            f"scored rows: standardised lists of {min(widths)} to {max(widths)} values in one "
            "model version; all must hold one value per feature"
        )
    return np.array(lists, dtype=float).reshape(len(lists), max(widths, default=0))


def _is_assessable(points: np.ndarray, labels: np.ndarray) -> bool:
    segments = np.unique(labels)
    if not (points.size and np.isfinite(points).all() and 2 <= len(segments) < len(points)):
        return False
    # scikit-learn calls a partition without inner spread, or with one common centre, perfect
    within = max(np.ptp(points[labels == one], axis=0).max() for one in segments)
    centres = np.array([points[labels == one].mean(axis=0) for one in segments])
    return bool(within > 0 and np.ptp(centres, axis=0).max() > 0)


def _index(name: str, points: np.ndarray, labels: np.ndarray) -> float:
    from sklearn import metrics

    with threadpool_limits(limits=1):
        return float(getattr(metrics, f"{name}_score")(points, labels))


def _silhouette(points: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    from sklearn.metrics import silhouette_samples

    if not 2 <= len(np.unique(labels)) < len(points):
        return {"value": np.nan}
    with threadpool_limits(limits=1):
        each = silhouette_samples(points, labels)
    value, error = float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))
    return {"value": value, "low": value - 1.96 * error, "high": value + 1.96 * error}
