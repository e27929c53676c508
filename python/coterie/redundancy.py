"""Redundant features: variance inflation factors, and which feature is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coterie.rounding import Floats

LARGEST_VIF = 1e12


@dataclass(frozen=True)
class Redundancy:
    """What was measured of one feature, and the decision in words."""

    feature: str
    is_kept: bool
    vif: float | None
    max_correlation: float | None
    partner: str | None
    decision: str


def variance_inflation(z: Floats) -> Floats:
    """Return the variance inflation factor of each column of z, (n, d), at most 1e12.

    VIF_i = 1 / (1 - R2 of column i on the others with an intercept); Belsley, Kuh and Welsch,
    Regression Diagnostics (1980).
    """
    centred = z - z.mean(axis=0)
    found = []
    for i in range(z.shape[1]):
        others = np.delete(centred, i, axis=1)
        fitted = others @ np.linalg.lstsq(others, centred[:, i])[0]
        rest = float(((centred[:, i] - fitted) ** 2).sum())
        total = float((centred[:, i] ** 2).sum())
        found.append(min(total / max(rest, total / LARGEST_VIF), LARGEST_VIF))
    return np.array(found, dtype=np.float64)


def correlations(z: Floats) -> Floats:
    """Return the absolute correlations of the columns of z, (d, d), with 0 on the diagonal."""
    if z.shape[1] < 2:
        return np.zeros((z.shape[1], z.shape[1]))
    found = np.abs(np.corrcoef(z, rowvar=False))
    np.fill_diagonal(found, 0)
    return np.asarray(np.round(found, 12), dtype=np.float64)


def reduce(
    z: Floats, names: Sequence[str], weights: Floats, maximum_vif: float
) -> list[Redundancy]:
    """Return what is kept and dropped, in the order of `names`.

    While a VIF exceeds `maximum_vif`: among the pairs that hold such a feature take the one with
    the highest correlation, and drop its feature of lower weight, ties to the later one.

    Args:
        z: (n, d), standardised before weights.
        names: d names, in the order of the spec.
        weights: (d,).
        maximum_vif: above this a feature counts as redundant.

    """
    kept = list(range(len(names)))
    found: dict[int, Redundancy] = {}
    while True:
        vif, correlation = variance_inflation(z[:, kept]), correlations(z[:, kept])
        high = vif > maximum_vif
        measured = [_measured(names, kept, vif, correlation, i) for i in range(len(kept))]
        if len(kept) < 2 or not high.any():
            break
        out = _weaker(correlation, high, weights[kept])
        found[kept[out]] = _dropped(measured[out], vif.max(), maximum_vif)
        del kept[out]
    for at, one in zip(kept, measured, strict=True):
        words = f"kept: VIF {one.vif:.2f} is at most {maximum_vif:g}"
        found[at] = replace(one, decision=words)
    return [found[at] for at in range(len(names))]


def constant(name: str) -> Redundancy:
    """Return the decision on a feature that does not vary after transform and caps."""
    return Redundancy(name, False, None, None, None, "dropped: constant")


def category(name: str, levels: Sequence[str]) -> Redundancy:
    """Return the decision on a category: VIF is for numbers, levels add up to 1 on purpose."""
    listed = ", ".join(levels)
    return Redundancy(name, True, None, None, None, f"kept: a category, of levels {listed}")


def unavailable(name: str, reason: str) -> Redundancy:
    """Return the decision on a feature of which nothing is known."""
    return Redundancy(name, False, None, None, None, f"dropped: not available, {reason}")


def _weaker(correlation: Floats, high: np.ndarray, weights: Floats) -> int:
    counted = np.where(high[:, None] | high[None, :], correlation, -1)
    np.fill_diagonal(counted, -2)
    first, second = sorted(np.unravel_index(counted.argmax(), counted.shape))
    return int(first if weights[first] < weights[second] else second)


def _measured(
    names: Sequence[str], kept: list[int], vif: Floats, correlation: Floats, i: int
) -> Redundancy:
    name = names[kept[i]]
    if len(kept) < 2:
        return Redundancy(name, True, float(vif[i]), None, None, "")
    partner = int(correlation[i].argmax())
    strength = float(correlation[i, partner])
    return Redundancy(name, True, float(vif[i]), strength, names[kept[partner]], "")


def _dropped(one: Redundancy, highest: float, maximum: float) -> Redundancy:
    words = (
        f"dropped: the highest VIF {highest:.4g} is above {maximum:g}; this one has VIF "
        f"{one.vif:.4g} and correlation {one.max_correlation:.2f} with {one.partner}"
    )
    return replace(one, is_kept=False, decision=words)
