"""From raw features to the numbers that are fitted: transform, cap, centre, scale, weigh, round."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from coterie import categories
from coterie.risk import Risk
from coterie.rounding import Floats, decimals, significant
from coterie.spec import Feature


class FitError(ValueError):
    """The training set cannot be fitted; the message names table, column, count and remedy."""


@dataclass(frozen=True)
class Preparation:
    """One entry per fitted column: a number, or the indicator of a level of a category.

    Clips are in transformed units.
    """

    features: tuple[str, ...]
    transforms: tuple[str, ...]
    scalers: tuple[str, ...]
    center: Floats
    scale: Floats
    weight: Floats
    clip_low: Floats
    clip_high: Floats
    risk: Risk | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns of z: the features, and the score where there is one."""
        return self.features if self.risk is None else (*self.features, self.risk.name)

    def raw(self, frame: pd.DataFrame) -> Floats:
        """Return the columns as they come, (n, d): numbers, and 0 or 1 for a level."""
        found = [
            categories.indicator(frame, name, transform, self.features)
            if categories.is_indicator(name)
            else read(frame, name)
            for name, transform in zip(self.features, self.transforms, strict=True)
        ]
        return np.column_stack(found) if found else np.empty((len(frame), 0))

    def uncapped(self, frame: pd.DataFrame) -> Floats:
        """Return the transformed columns, (n, d)."""
        columns = zip(self.raw(frame).T, self.transforms, strict=True)
        found = [transformed(values, transform) for values, transform in columns]
        return np.column_stack(found) if found else np.empty((len(frame), 0))

    def capped(self, frame: pd.DataFrame) -> Floats:
        """Return the transformed and capped columns, (n, d)."""
        return np.clip(self.uncapped(frame), self.clip_low, self.clip_high)

    def scaled(self, frame: pd.DataFrame) -> Floats:
        """Return the standardised features before weights, (n, d)."""
        return (self.capped(frame) - self.center) / self.scale

    def standardised(self, frame: pd.DataFrame) -> Floats:
        """Return z, (n, d): standardised, weighted and rounded to 9 decimals; the score comes last.

        Raises:
            ValueError: a feature is missing from the frame, or has values that are not finite.

        """
        z = decimals(self.scaled(frame) * self.weight)
        return z if self.risk is None else self.risk.column(z)

    def capped_count(self, frame: pd.DataFrame) -> list[int]:
        """Return how many values of each column lie outside its clips."""
        t = self.uncapped(frame)
        return [int(count) for count in ((t < self.clip_low) | (t > self.clip_high)).sum(axis=0)]

    def keep(self, names: Sequence[str]) -> "Preparation":
        """Return the preparation of these features of the spec, in the order they have here."""
        at = [i for i, name in enumerate(self.features) if categories.source(name) in names]
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


@dataclass(frozen=True)
class Column:
    """One column to be: its place in the frame and every number of its preparation."""

    name: str
    transform: str
    scaler: str
    center: float
    scale: float
    weight: float
    clip_low: float
    clip_high: float


def prepare(
    frame: pd.DataFrame, features: Sequence[Feature], scaler: str, cap_quantile: float
) -> tuple[Preparation, list[str]]:
    """Return how to prepare the features that vary, and the names of those that don't.

    Caps are order statistics: the value at rank ceil(q (n - 1)) from below and from above, with no
    interpolation. A robust scale of 0 (the middle half is equal) is replaced by the standard
    deviation, and `scalers` says so. A category becomes one indicator per level, neither capped
    nor scaled by its spread. Weights multiply what is scaled.

    Raises:
        FitError: a negative value under log1p or sqrt, or values too far apart to be scaled.

    """
    columns = {
        item.name: _indicators(frame, item)
        if item.kind == "category"
        else _numbers(frame, item, scaler, cap_quantile)
        for item in features
    }
    found = [column for made in columns.values() for column in made]
    arrays = ("center", "scale", "weight", "clip_low", "clip_high")
    numbers: dict[str, Any] = {
        key: np.array([getattr(one, key) for one in found], dtype=np.float64) for key in arrays
    }
    made = Preparation(
        features=tuple(one.name for one in found),
        transforms=tuple(one.transform for one in found),
        scalers=tuple(one.scaler for one in found),
        **numbers,
    )
    return made, [name for name, column in columns.items() if not column]


def _indicators(frame: pd.DataFrame, feature: Feature) -> list[Column]:
    """Return one column per level; none when every row has the same."""
    found, has_rest = categories.levels(
        categories.texts(frame, feature.name), feature.smallest_level
    )
    named = [(level, categories.IS) for level in found]
    named += [(categories.REST, categories.OTHER)] * has_rest
    if len(named) < 2:
        return []
    scale = float(significant(np.sqrt(2)))
    return [
        Column(
            categories.column_name(feature.name, level), transform, "indicator",
            0.0, scale, feature.weight, 0.0, 1.0,
        )
        for level, transform in named
    ]  # fmt: skip


def _numbers(
    frame: pd.DataFrame, feature: Feature, scaler: str, cap_quantile: float
) -> list[Column]:
    """Return the one column of a number; none for a constant."""
    values = read(frame, feature.name)
    _check_domain(values, feature)
    t = transformed(values, feature.transform)
    low, high = caps(t, cap_quantile)
    capped = np.clip(t, low, high)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        return []
    used, center, scale = scaling(capped, scaler)
    if scale == 0:
        return []
    _check_spread(capped, center, scale, feature)
    return [Column(feature.name, feature.transform, used, center, scale, feature.weight, low, high)]


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
