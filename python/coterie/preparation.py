"""From raw features to the numbers that are fitted: transform, cap, centre, scale, weigh, round."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from coterie.rounding import Floats, decimals, significant
from coterie.spec import Feature


class FitError(ValueError):
    """The training set cannot be fitted; the message names table, column, count and remedy."""


@dataclass(frozen=True)
class Preparation:
    """One entry per fitted feature; clips are in transformed units."""

    features: tuple[str, ...]
    transforms: tuple[str, ...]
    scalers: tuple[str, ...]
    center: Floats
    scale: Floats
    weight: Floats
    clip_low: Floats
    clip_high: Floats

    def capped(self, frame: pd.DataFrame) -> Floats:
        """Return the transformed and capped features, (n, d)."""
        columns = zip(self.features, self.transforms, strict=True)
        found = [transformed(read(frame, name), transform) for name, transform in columns]
        given = np.column_stack(found) if found else np.empty((len(frame), 0))
        return np.clip(given, self.clip_low, self.clip_high)

    def scaled(self, frame: pd.DataFrame) -> Floats:
        """Return the standardised features before weights, (n, d)."""
        return (self.capped(frame) - self.center) / self.scale

    def standardised(self, frame: pd.DataFrame) -> Floats:
        """Return z, (n, d): standardised, weighted and rounded to 9 decimals.

        Raises:
            ValueError: a feature is missing from the frame, or has values that are not finite.

        """
        return decimals(self.scaled(frame) * self.weight)

    def capped_count(self, frame: pd.DataFrame) -> list[int]:
        """Return how many values of each feature lie outside its clips."""
        counts = []
        for i, (name, transform) in enumerate(zip(self.features, self.transforms, strict=True)):
            t = transformed(read(frame, name), transform)
            counts.append(int(((t < self.clip_low[i]) | (t > self.clip_high[i])).sum()))
        return counts

    def keep(self, names: Sequence[str]) -> "Preparation":
        """Return the preparation of these features only, in the order they have here."""
        at = [i for i, name in enumerate(self.features) if name in names]
        arrays = ("center", "scale", "weight", "clip_low", "clip_high")
        words = ("features", "transforms", "scalers")
        parts: dict[str, Any] = {key: getattr(self, key)[at] for key in arrays}
        parts |= {key: tuple(getattr(self, key)[i] for i in at) for key in words}
        return replace(self, **parts)


def read(frame: pd.DataFrame, name: str) -> Floats:
    """Return a column as doubles.

    Raises:
        ValueError: the column is missing, or has values that are missing or not finite.

    """
    if name not in frame:
        raise ValueError(f"column {name} is missing: add it to the frame of features")
    values: Floats = pd.to_numeric(frame[name]).to_numpy(dtype=np.float64, na_value=np.nan)
    bad = int((~np.isfinite(values)).sum())
    if bad:
        raise ValueError(f"column {name}: {bad} values are missing or not finite: fill them first")
    return values


def transformed(values: Floats, transform: str) -> Floats:
    """Return ln(1 + x), the square root, or x; below 0 counts as 0 for the first two."""
    if transform == "log1p":
        return np.asarray(np.log(1 + np.maximum(values, 0)), dtype=np.float64)
    if transform == "sqrt":
        return np.asarray(np.sqrt(np.maximum(values, 0)), dtype=np.float64)
    return values


def prepare(
    frame: pd.DataFrame, features: Sequence[Feature], scaler: str, cap_quantile: float
) -> tuple[Preparation, list[str]]:
    """Return how to prepare the features that vary, and the names of those that don't.

    Caps are order statistics: the value at rank ceil(q (n - 1)) from below and from above, with no
    interpolation. A robust scale of 0 (the middle half is equal) is replaced by the standard
    deviation, and `scalers` says so.

    Raises:
        FitError: a negative value under log1p or sqrt, or values too far apart to be scaled.

    """
    columns = {item.name: _column(frame, item, scaler, cap_quantile) for item in features}
    varying = [item for item in features if columns[item.name] is not None]
    found = [column for column in columns.values() if column is not None]
    numbers = np.array([numbers for _, numbers in found]).reshape(len(found), 4)
    made = Preparation(
        features=tuple(item.name for item in varying),
        transforms=tuple(item.transform for item in varying),
        scalers=tuple(word for word, _ in found),
        center=numbers[:, 0],
        scale=numbers[:, 1],
        weight=np.array([item.weight for item in varying], dtype=np.float64),
        clip_low=numbers[:, 2],
        clip_high=numbers[:, 3],
    )
    return made, [name for name, column in columns.items() if column is None]


def _column(
    frame: pd.DataFrame, feature: Feature, scaler: str, cap_quantile: float
) -> tuple[str, tuple[float, float, float, float]] | None:
    """Return the scaler used and (center, scale, clip_low, clip_high); None for a constant."""
    values = read(frame, feature.name)
    _check_domain(values, feature)
    t = transformed(values, feature.transform)
    low, high = caps(t, cap_quantile)
    capped = np.clip(t, low, high)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        return None
    used, center, scale = scaling(capped, scaler)
    if scale == 0:
        return None
    _check_spread(capped, center, scale, feature)
    return used, (center, scale, low, high)


def caps(t: Floats, cap_quantile: float) -> tuple[float, float]:
    """Return the lower and upper cap of one column: two of its own values."""
    ordered = np.sort(t)
    top = int(np.ceil(np.round(cap_quantile * (len(t) - 1), 9)))
    return float(ordered[len(t) - 1 - top]), float(ordered[top])


def scaling(capped: Floats, scaler: str) -> tuple[str, float, float]:
    """Return the scaler used, center and scale of one column, to 12 significant decimals.

    standard: mean and standard deviation (n in the denominator); robust: median and interquartile
    range (linear interpolation); minmax: minimum and range.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if scaler == "minmax":
            used, center, scale = scaler, capped.min(), capped.max() - capped.min()
        elif scaler == "robust":
            low, middle, high = np.percentile(capped, [25, 50, 75])
            used, center, scale = scaler, middle, high - low
        else:
            used, center, scale = scaler, capped.mean(), capped.std()
        if used == "robust" and scale == 0:
            used, scale = "robust: interquartile range is 0, so standard deviation", capped.std()
    return used, float(significant(center)), float(significant(scale))


def _check_domain(values: Floats, feature: Feature) -> None:
    negative = int((values < 0).sum())
    if negative and feature.transform != "none":
        raise FitError(
            f"seg_training_set.{feature.name}: {negative} values are below 0, which "
            f"{feature.transform} cannot take: use transform none, or correct the feature"
        )


def _check_spread(capped: Floats, center: float, scale: float, feature: Feature) -> None:
    """Raise when scaling overflows, or makes most of the different values equal."""
    remedy = "use transform log1p, or a lower cap_quantile"
    if not (np.isfinite(center) and np.isfinite(scale)):
        raise FitError(
            f"seg_training_set.{feature.name}: {len(capped)} values are too large to be scaled: "
            f"{remedy}"
        )
    before = len(np.unique(capped))
    after = len(np.unique(decimals((capped - center) / scale)))
    if after < before / 2:
        raise FitError(
            f"seg_training_set.{feature.name}: {before} different values become {after} when "
            f"scaled, because a few are far out: {remedy}"
        )
