"""How far two samples of a number lie apart: exactly, from sorted values, or from narrow bins.

Finite numbers in, at least one on each side; 0 means alike. The exact figures are those of scipy
and evidently. Bins take one pass and no sort; their counts can be added up over batches.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats

SMALLEST_DEVIATION = 0.001  # evidently's floor under the reference standard deviation
SMALLEST_SHARE = 0.0001  # evidently's floor under the share of a cell, psi only
BIN_BITS = 6  # 64 bins from each power of two to the next: at most 1.6% wide; counts stay in cache
DROPPED_BITS = 23 - BIN_BITS  # of a float of 32 bits
BINS_PER_SIDE = 1 << (8 + BIN_BITS)
BLOCK_ROWS = 1 << 17  # what stays near the processor


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
    before, now = np.sort(reference), np.sort(current)
    points = np.concatenate([before, now])
    points.sort(kind="stable")  # it merges what is sorted
    steps = np.flatnonzero(np.diff(points))  # between equal values neither function moves
    values, gaps = points[steps], points[steps + 1] - points[steps]
    passed = np.searchsorted(before, values, side="right")
    apart = np.abs(passed / len(before) - (steps + 1 - passed) / len(now))
    distance = float(np.sum(apart * gaps)) / deviation(reference)
    return Distances(distance, float(apart.max(initial=0.0)))


def wasserstein(reference: Floats, current: Floats) -> float:
    """Return the first Wasserstein distance in standard deviations of the reference."""
    return exact(reference, current).wasserstein


def binned(reference: Floats, current: Floats) -> Distances:
    """Return the distances from counts in narrow bins, the same for both sides.

    Bins are the leading bits of the distance to the mean of the reference: at most 1.6% of that
    distance wide. Nothing is sorted or searched. D is too small by at most the share of the
    reference in its fullest bin.
    """
    centre = float(reference.mean())
    before, now = bin_counts(reference, centre), bin_counts(current, centre)
    full = np.flatnonzero(before + now)  # between these nothing changes
    before, now, middles = before[full], now[full], _middles()[full]
    people = len(reference) * len(current)  # whole numbers: the tails are exactly 0 apart
    apart = np.abs(np.cumsum(before * len(current) - now * len(reference))) / people
    scale = max(float(np.sqrt(before @ middles**2 / len(reference))), SMALLEST_DEVIATION)
    distance = float(apart[:-1] @ np.diff(middles)) / scale
    return Distances(distance, float(apart.max()))


def bin_counts(values: Floats, centre: float) -> NDArray[np.int64]:
    """Return how many values are in each bin, from the lowest; counts of batches add up.

    Args:
        values: finite numbers, (n,); what is farther than 1e38 from the centre is in the last bin.
        centre: where bins are narrowest.

    """
    counts = np.zeros(2 * BINS_PER_SIDE, dtype=np.int64)
    apart = np.empty(min(len(values), BLOCK_ROWS), dtype=np.float32)
    for start in range(0, len(values), BLOCK_ROWS):
        block = values[start : start + BLOCK_ROWS]
        with np.errstate(over="ignore"):
            mine = np.subtract(block, centre, out=apart[: len(block)], casting="same_kind")
        keys = mine.view(np.uint32) >> DROPPED_BITS
        counts += np.bincount(keys, minlength=len(counts))
    above, below = counts[:BINS_PER_SIDE], counts[BINS_PER_SIDE:]
    return np.concatenate([below[::-1], above])


@cache
def _middles() -> Floats:
    """Return the middle of each bin as a distance to the centre, from the lowest."""
    keys = np.arange(BINS_PER_SIDE, dtype=np.uint32)
    above = ((keys << DROPPED_BITS) + (1 << (DROPPED_BITS - 1))).view(np.float32)
    sizes = np.where(np.isfinite(above), above, np.finfo(np.float32).max).astype(np.float64)
    return np.concatenate([-sizes[::-1], sizes])


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
