"""Are there groups, or does the model cut one crowd? Cuts of the data against cuts of crowds.

    gap        mean ln W of cuts of the box minus ln W of the data's, W the sum of squared distances
               to the segment's mean (Tibshirani, Walther and Hastie 2001)
    structure  gain of the data minus mean gain of crowds, in their standard deviations; the smaller
               of the figures for box and for crowd, so both must be beaten

The gain is that of the classification likelihood (Celeux and Govaert 1992) when each segment has a
Gaussian of its own, over one Gaussian for all, per customer in nats:

    ln|S| - sum_k p_k ln|S_k| + 2 sum_k p_k ln p_k

with p_k the share and S_k the covariance of segment k. It is 0 where an even box is cut into equal
parts, below 0 where one Gaussian is cut, and does not change when axes are stretched or turned, so
long and round segments are judged alike. RIDGE of S is mixed into every S_k, so that no segment of
equal customers counts without bound. Each crowd is cut by the candidate's own recipe.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coterie.crowd import Box, Crowd, box_of, crowd_of
from coterie.rounding import Floats

RIDGE = 0.01
# Nats. Crowds that are all cut alike are no proof without bound; where a crowd can be cut in two
# ways, the difference between the ways is not the error of either.
SMALLEST_ERROR, LARGEST_ERROR = 1e-3, 0.15
DRAWS = 10
SAMPLE_ROWS = 1_000
Labels = NDArray[np.int64]
Cut = Callable[[Floats, int], Labels]


@dataclass(frozen=True)
class Reference:
    """The customers that are compared, their rows, and the crowds they are compared with."""

    rows: NDArray[np.int64]
    z: Floats
    even: tuple[Floats, ...]  # drawn from the box
    peaked: tuple[Floats, ...]  # drawn from the crowd


def reference_of(z: Floats, order: NDArray[np.int64], seed: int) -> Reference:
    """Return at most 1,000 of (n, d) customers, first by (n,) order, and ten draws of each null."""
    rows = np.sort(np.argsort(order, kind="stable")[:SAMPLE_ROWS])
    here = z[rows]
    if here.size == 0:
        return Reference(rows, here, (), ())

    def drawn(null: Box | Crowd, which: int) -> tuple[Floats, ...]:
        randoms = [np.random.default_rng([seed, which, number]) for number in range(DRAWS)]
        return tuple(null.draw(len(here), random) for random in randoms)

    return Reference(rows, here, drawn(box_of(here), 0), drawn(crowd_of(here), 1))


def structure(reference: Reference, labels: Labels, cut: Cut, seed: int) -> dict[str, float]:
    """Return gap, gap_error, gap_over_one, structure and structure_gain of one candidate.

    gap_over_one is the gap minus that of one segment; structure_gain is the gain over the harder
    of box and crowd, in nats per customer. All NaN with one segment.

    Args:
        reference: what is shared by all candidates.
        labels: (n,), the candidate's segments of all customers.
        cut: from (m, d) customers and a seed to their segments by the same recipe.
        seed: of the refits.

    """
    names = ["gap", "gap_error", "gap_over_one", "structure", "structure_gain"]
    z, mine = reference.z, labels[reference.rows]
    if not reference.even or len(np.unique(mine)) < 2:
        return dict.fromkeys(names, math.nan)
    even, peaked = (
        [(one, cut(one, seed + number)) for number, one in enumerate(drawn)]
        for drawn in (reference.even, reference.peaked)
    )
    found = gain(z, mine)
    beyond = [_beyond(found, [gain(*one) for one in many]) for many in (even, peaked)]
    above, sigmas = min(beyond, key=lambda pair: pair[1])
    return dict(zip(names, [*_gap(z, mine, even), sigmas, above], strict=True))


def gain(z: Floats, labels: Labels) -> float:
    """Return the gain of cutting (n, d) customers so, in nats per customer; see above."""
    x = _whitened(z)
    total = 0.0
    for one in np.unique(labels):
        here = x[labels == one]
        share = len(here) / len(x)
        centred = here - here.mean(axis=0)
        covariance = (1 - RIDGE) * (centred.T @ centred) / len(here) + RIDGE * np.eye(x.shape[1])
        total += share * (2 * math.log(share) - np.linalg.slogdet(covariance)[1])
    return float(total)


def dispersion(z: Floats, labels: Labels) -> float:
    """Return the sum of squared distances of (n, d) customers to the mean of their segment."""
    found = 0.0
    for one in np.unique(labels):
        here = z[labels == one]
        found += float(((here - here.mean(axis=0)) ** 2).sum())
    return found


def gap_rules(gap: Mapping[int, float], error: Mapping[int, float]) -> dict[int, float]:
    """Return 1 for a number of segments that the gap rule would take, 0 if not, NaN at the end.

    The rule: k whose gap is at least that of k + 1 minus the standard error of the latter. The
    smallest such k is the choice of Tibshirani et al.
    """
    return {
        k: float(value >= gap[k + 1] - error[k + 1]) if k + 1 in gap else math.nan
        for k, value in gap.items()
    }


def _gap(z: Floats, labels: Labels, even: list[tuple[Floats, Labels]]) -> list[float]:
    """Return gap, its standard error, and the gap minus that of one segment."""
    whole = np.log([dispersion(one, np.zeros(len(one), dtype=np.int64)) for one, _ in even])
    parts = np.log([max(dispersion(*one), 1e-12) for one in even])
    one = math.log(dispersion(z, np.zeros(len(z), dtype=np.int64)))
    gap = float(parts.mean()) - math.log(max(dispersion(z, labels), 1e-12))
    return [gap, _error(parts), gap - (float(whole.mean()) - one)]


def _beyond(value: float, null: list[float]) -> tuple[float, float]:
    """Return how far the value lies above the mean of the null, as it is and in its errors."""
    above = value - float(np.mean(null))
    error = min(max(_error(np.array(null)), SMALLEST_ERROR), LARGEST_ERROR)
    return above, above / error


def _error(values: Floats) -> float:
    """Return the standard deviation times the root of 1 + 1 / draws, Monte Carlo error included."""
    return float(values.std(ddof=1) * math.sqrt(1 + 1 / len(values)))


def _whitened(z: Floats) -> Floats:
    """Return z turned and stretched to unit covariance; directions without spread are left out."""
    centred = z - z.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(z))
    kept = values > 1e-9 * values.max()
    return np.asarray(centred @ vectors[:, kept] / np.sqrt(values[kept]))
