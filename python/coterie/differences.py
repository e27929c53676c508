"""Whether segments differ in a feature or a category: test, effect size, adjusted p-value.

All of it comes from counts, means and deviations by segment, so every customer is in it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from coterie.rounding import Floats, decimals

SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("kind", pa.string()),
        ("feature", pa.string()),
        ("test", pa.string()),
        ("statistic", pa.float64()),
        ("df_between", pa.float64()),
        ("df_within", pa.float64()),
        ("p_value", pa.float64()),
        ("adjusted_p_value", pa.float64()),
        ("effect", pa.float64()),
        ("eta_squared", pa.float64()),
        ("effect_size", pa.string()),
        ("obstacle", pa.string()),
        ("customer_count", pa.int64()),
    ]
)
SMALLEST_VARIANCE = 1e-9
SMALLEST_EXPECTED = 5.0
# Cohen (1988): small, medium and large; Cramer's V is judged as his w.
OMEGA_SQUARED_BOUNDS = (0.01, 0.06, 0.14)
W_BOUNDS = (0.1, 0.3, 0.5)
SIZES = ("negligible", "small", "medium", "large")
Row = dict[str, Any]


def differences(features: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Return one row per segmentation and feature or category, with the columns of SCHEMA.

    The p-values are adjusted by Holm (1979) over all rows of a segmentation.

    Args:
        features: segmentation, segment_id, feature, value_count, mean, sd (of the population).
        categories: segmentation, attribute, value, segment_id, customer_count.

    """
    rows = [
        {"segmentation": name, "kind": "feature", "feature": feature, **_of_feature(mine)}
        for (name, feature), mine in features.groupby(["segmentation", "feature"])
    ] + [
        {"segmentation": name, "kind": "category", "feature": attribute, **_of_category(mine)}
        for (name, attribute), mine in categories.groupby(["segmentation", "attribute"])
    ]
    found = pd.DataFrame(rows, columns=SCHEMA.names).astype({"p_value": float})
    found["adjusted_p_value"] = np.nan
    for _, mine in found.groupby("segmentation"):
        found.loc[mine.index, "adjusted_p_value"] = holm(mine["p_value"].to_numpy(dtype=float))
    return found.sort_values(["segmentation", "kind", "feature"], ignore_index=True)


def holm(p: Floats) -> Floats:
    """Return p-values adjusted by Holm (1979); NaN stays NaN and is no test."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    ordered = known[np.argsort(p[known], kind="stable")]
    grown = p[ordered] * np.arange(len(ordered), 0, -1)
    adjusted[ordered] = np.minimum(np.maximum.accumulate(grown), 1.0) if len(grown) else grown
    return adjusted


def analysis_of_variance(n: Floats, mean: Floats, variance: Floats) -> Row:
    """Return test, statistic, degrees of freedom, p_value, effect (omega squared), eta_squared.

    Welch's F (1951), which needs no equal variances; Fisher's when a segment has none. The effect
    sizes are of Fisher's decomposition (Hays 1963), omega squared not below 0.

    Args:
        n: customers by segment, at least 2 each, (k,).
        mean: by segment, (k,).
        variance: with n - 1, by segment, (k,).

    """
    from scipy.special import fdtrc

    k, total = len(n), float(n.sum())
    between = float(np.sum(n * (mean - np.sum(n * mean) / total) ** 2))
    within = float(np.sum((n - 1) * variance))
    error = within / (total - k)
    omega = (between - (k - 1) * error) / (between + within + error)
    name, statistic, df_within = (
        ("Welch's F", *_welch(n, mean, variance))
        if variance.min() > SMALLEST_VARIANCE
        else ("F", between / (k - 1) / error, total - k)
    )
    return {
        "test": name,
        "statistic": statistic,
        "df_between": float(k - 1),
        "df_within": df_within,
        "p_value": float(fdtrc(k - 1, df_within, statistic)),
        "effect": max(omega, 0.0),
        "eta_squared": between / (between + within),
    }


def _welch(n: Floats, mean: Floats, variance: Floats) -> tuple[float, float]:
    k, weight = len(n), n / variance
    share = weight / weight.sum()
    centre = float(np.sum(share * mean))
    spread = float(np.sum((1 - share) ** 2 / (n - 1)))
    top = float(np.sum(weight * (mean - centre) ** 2)) / (k - 1)
    return top / (1 + 2 * (k - 2) / (k**2 - 1) * spread), (k**2 - 1) / (3 * spread)


def chi_square(table: NDArray[np.int64]) -> Row:
    """Return test, statistic, degrees of freedom, p_value and effect (Cramer's V, 1946).

    Pearson's chi-square of a table of counts, (values, segments), each row and column above 0.
    """
    from scipy.special import chdtrc

    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(np.sum((table - expected) ** 2 / expected))
    freedom = float((table.shape[0] - 1) * (table.shape[1] - 1))
    effect = np.sqrt(statistic / (table.sum() * (min(table.shape) - 1)))
    return {
        "test": "chi-square",
        "statistic": statistic,
        "df_between": freedom,
        "p_value": float(chdtrc(freedom, statistic)),
        "effect": float(effect),
    }


def size_of(effect: float, bounds: tuple[float, ...]) -> str:
    """Return the word for an effect by its three lower bounds."""
    return SIZES[int(np.searchsorted(bounds, effect, side="right"))]


def _of_feature(mine: pd.DataFrame) -> Row:
    usable = mine[mine["value_count"] >= 2].sort_values("segment_id")
    n, mean, sd = (usable[key].to_numpy(dtype=float) for key in ("value_count", "mean", "sd"))
    row: Row = {"customer_count": int(mine["value_count"].sum())}
    if len(n) < 2:
        return {**row, "obstacle": "fewer than two segments have values"}
    variance = sd**2 * n / (n - 1)
    if variance.max() <= SMALLEST_VARIANCE:
        return {**row, "obstacle": "does not vary within any segment"}
    found = _rounded(analysis_of_variance(n, mean, variance))
    return {**row, **found, "effect_size": size_of(found["effect"], OMEGA_SQUARED_BOUNDS)}


def _of_category(mine: pd.DataFrame) -> Row:
    table = mine.pivot_table(
        index="value", columns="segment_id", values="customer_count", fill_value=0
    ).to_numpy(dtype=np.int64)
    row: Row = {"customer_count": int(table.sum())}
    if min(table.shape) < 2:
        return {**row, "obstacle": "has one value or one segment only"}
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if (expected < SMALLEST_EXPECTED).mean() > 0.2 or expected.min() < 1:
        table = pooled(table)
    if min(table.shape) < 2:
        return {**row, "obstacle": "all values but one are too rare"}
    found = _rounded(chi_square(table))
    w = found["effect"] * np.sqrt(min(table.shape) - 1)
    return {**row, **found, "effect_size": size_of(w, W_BOUNDS)}


def pooled(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the table with its rare values as one: those expected fewer than 5 times somewhere.

    When even together they are expected fewer than 5 times they go to the next rarest value
    (Cochran 1954: a chi-square needs expected counts).
    """
    smallest = table.sum(axis=0).min() / table.sum()
    rows = table[np.argsort(table.sum(axis=1), kind="stable")]
    expected = np.cumsum(rows.sum(axis=1)) * smallest
    rare = int((rows.sum(axis=1) * smallest < SMALLEST_EXPECTED).sum())
    while 0 < rare < len(rows) and expected[rare - 1] < SMALLEST_EXPECTED:
        rare += 1
    return np.vstack([rows[:rare].sum(axis=0, keepdims=True), rows[rare:]]) if rare else rows


def _rounded(row: Mapping[str, Any]) -> Row:
    shown = ("statistic", "df_within", "effect", "eta_squared")
    return {**row, **{key: float(decimals(row[key])) for key in shown if key in row}}
