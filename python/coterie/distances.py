"""How far two samples of a number lie apart: exactly, from sorted values, or from narrow bins.

Finite numbers in, at least one on each side; 0 means alike. The exact figures are those of scipy
and evidently. Bins take one pass and no sort; their counts can be added up over batches.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats

SMALLEST_DEVIATION = 0.001  # evidently's floor under the reference standard deviation
SMALLEST_SHARE = 0.0001  # evidently's floor under the share of a cell, psi only
BIN_BITS = 9  # 512 bins from each power of two to the next: at most 0.2% of a number wide
DROPPED_BITS = 52 - BIN_BITS
NEAREST = 1 / 64  # of the deviation: nearer to the centre, bins are as wide as there
LAST_BIN = 30 << BIN_BITS  # numbers farther out than 2^30 / 64 deviations are in the last bin
BLOCK_ROWS = 1 << 16  # what fits a processor's cache


class Distances(NamedTuple):
    """The first Wasserstein distance in deviations of the reference, and Kolmogorov-Smirnov's D."""

    wasserstein: float
    kolmogorov_smirnov: float


def deviation(reference: Floats) -> float:
    """Return the standard deviation that distances are divided by: at least 0.001."""
    return max(float(np.std(reference)), SMALLEST_DEVIATION)


def exact(reference: Floats, current: Floats) -> Distances:
    """Return the distances between the two empirical distribution functions.

    Their area apart (Vaserstein 1969) as evidently's 'wasserstein', their largest gap as scipy's
    `ks_2samp`.
    """
    points = np.concatenate([reference, current])
    points.sort()
    gaps = np.diff(points)
    before, now = (
        np.searchsorted(np.sort(values), points[:-1], side="right") / len(values)
        for values in (reference, current)
    )
    apart = np.abs(before - now)
    distance = float(np.sum(apart * gaps)) / deviation(reference)
    return Distances(distance, float(apart.max(initial=0.0)))


def wasserstein(reference: Floats, current: Floats) -> float:
    """Return the first Wasserstein distance in standard deviations of the reference."""
    return exact(reference, current).wasserstein


def binned(reference: Floats, current: Floats) -> Distances:
    """Return the distances from counts in narrow bins, the same for both sides.

    Bins are the leading bits of the distance to the mean of the reference: at most 0.2% of that
    distance wide, or of a 64th of a deviation. Nothing is sorted or searched. D is too small by at
    most the share of the reference in its fullest bin.
    """
    scale, centre = deviation(reference), float(reference.mean())
    before, now = (
        np.cumsum(bin_counts(values, centre, scale)) / len(values)
        for values in (reference, current)
    )
    apart = np.abs(before - now)
    distance = float(np.sum(apart[:-1] * np.diff(_middles()))) * NEAREST
    return Distances(distance, float(apart.max()))


def bin_counts(values: Floats, centre: float, scale: float) -> NDArray[np.int64]:
    """Return how many values are in each bin, from the lowest; counts of batches add up.

    Args:
        values: finite numbers, (n,).
        centre: where bins are narrowest.
        scale: a deviation, above 0.

    """
    counts = np.zeros(2 * LAST_BIN + 2, dtype=np.int64)
    for start in range(0, len(values), BLOCK_ROWS):
        apart = (values[start : start + BLOCK_ROWS] - centre) * (1 / (scale * NEAREST))
        sign = apart.view(np.int64) >> 63
        size = np.minimum(np.abs(apart), 2.0**29) + 1
        key = (size.view(np.int64) >> DROPPED_BITS) - _bits(1.0)
        key ^= sign  # -1 - key below the centre
        key += LAST_BIN + 1
        counts += np.bincount(key, minlength=len(counts))
    return counts


def _bits(number: float) -> int:
    return int(np.array([number]).view(np.int64)[0]) >> DROPPED_BITS


def _middles() -> Floats:
    """Return the middle of each bin, from the lowest, in units of the narrowest."""
    keys = np.arange(LAST_BIN + 1) + _bits(1.0)
    above = ((keys << DROPPED_BITS) + (1 << (DROPPED_BITS - 1))).view(np.float64) - 1
    return np.concatenate([-above[::-1], above])


def psi(reference: Floats, current: Floats) -> float:
    """Return the population stability index of numbers, as evidently's 'psi'.

    Cells are Sturges' bins of both together, or single values when the reference has at most 20
    distinct ones. An empty cell counts as a share of 0.0001, or a millionth of the smallest share
    when that is itself at most 0.0001.
    """
    if len(np.unique(reference)) > 20:
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        cells = [np.histogram(values, edges)[0] for values in (reference, current)]
    else:
        keys, codes = np.unique(np.concatenate([reference, current]), return_inverse=True)
        split = (codes[: len(reference)], codes[len(reference) :])
        cells = [np.bincount(code, minlength=len(keys)) for code in split]
    return _stability(*(counts / counts.sum() for counts in cells))


def _stability(expected: Floats, actual: Floats) -> float:
    before, after = _filled(expected), _filled(actual)
    return float(np.sum((after - before) * np.log(after / before)))


def _filled(shares: Floats) -> Floats:
    least = shares[shares > 0].min()
    return np.where(
        shares > 0, shares, least / 10**6 if least <= SMALLEST_SHARE else SMALLEST_SHARE
    )
