"""k-prototypes: numbers and categories together (Huang 1998).

The cost of a customer is the squared distance to the prototype's means plus gamma for each
category that differs from the prototype's mode. The level of a category is an indicator column of
the value weight / root of 2, so that a mismatch costs the square of the weight, which is gamma.
With modes as one-hot rows that cost is the squared distance, and the one scoring rule is exact.
Without categories this is k-means.

Z. Huang, Extensions to the k-means algorithm for clustering large data sets with categorical
values, Data Mining and Knowledge Discovery 2 (1998). Starts are drawn as in k-means++.
"""

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Task
from coterie.categories import groups
from coterie.rounding import Floats

RESTARTS = 10
REFIT_RESTARTS = 5
MAXIMUM_ITERATIONS = 300
SMALLEST_VARIANCE = 1e-6
Labels = NDArray[np.int64]


def fit(task: Task) -> Components:
    """Return prototypes, one precision for all, and offset 0; the start of least cost wins."""
    places = groups(task.columns)
    random = np.random.default_rng(task.seed)
    if task.initial is None:
        starts = [_drawn(task.z, task.segment_count, random) for _ in range(task.restarts)]
    else:
        starts = [task.initial]
    found = [_settled(task.z, _prototypes_of(task.z, start, places), places) for start in starts]
    cost, means, is_converged = min(found, key=lambda one: one[0])
    variance = max(cost / task.z.size, SMALLEST_VARIANCE)
    return Components(
        mean=means,
        precision=np.full(means.shape, 1 / variance),
        offset=np.zeros(len(means)),
        inertia=cost,
        is_converged=is_converged,
    )


def _drawn(z: Floats, count: int, random: np.random.Generator) -> Floats:
    """Return rows far apart: each next one with a chance like its squared distance so far."""
    chosen = [int(random.integers(len(z)))]
    nearest = ((z - z[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count:
        total = np.cumsum(nearest)
        chosen.append(int(np.searchsorted(total, random.random() * total[-1], side="right")))
        nearest = np.minimum(nearest, ((z - z[chosen[-1]]) ** 2).sum(axis=1))
    return z[chosen]


def _prototypes_of(z: Floats, start: Floats, places: list[list[int]]) -> Floats:
    """Return a start whose categories are modes: a warm start may hold shares of levels."""
    means = start.copy()
    for place in places:
        means[:, place] = _one_hot(start[:, place], z[:, place].max())
    return means


def _settled(z: Floats, means: Floats, places: list[list[int]]) -> tuple[float, Floats, bool]:
    """Return cost, prototypes and whether labels came to rest; Lloyd's turns."""
    labels = np.full(len(z), -1, dtype=np.int64)
    for _ in range(MAXIMUM_ITERATIONS):
        apart = _distances(z, means)
        now = apart.argmin(axis=1)
        if (now == labels).all():
            return float(apart[np.arange(len(z)), labels].sum()), means, True
        labels = _peopled(now, apart, len(means))
        means = prototypes(z, labels, len(means), places)
    return float(_distances(z, means).min(axis=1).sum()), means, False


def _distances(z: Floats, means: Floats) -> Floats:
    return np.column_stack([((z - mean) ** 2).sum(axis=1) for mean in means])


def _peopled(labels: Labels, apart: Floats, count: int) -> Labels:
    """Return labels without an empty prototype: it takes the row farthest from its own."""
    found, nearest = labels.copy(), apart.min(axis=1)
    for empty in np.flatnonzero(np.bincount(labels, minlength=count) == 0):
        far = int(nearest.argmax())
        found[far], nearest[far] = empty, -1.0
    return found


def prototypes(z: Floats, labels: Labels, count: int, places: list[list[int]]) -> Floats:
    """Return the means of numbers and the modes of categories, (k, d), ties to the first level.

    Args:
        z: (n, d).
        labels: (n,), from 0 to count - 1, none of them empty.
        count: k.
        places: the columns of each category.

    """
    means = np.array([z[labels == k].mean(axis=0) for k in range(count)])
    for place in places:
        means[:, place] = _one_hot(means[:, place], z[:, place].max())
    return means


def _one_hot(shares: Floats, value: float) -> Floats:
    """Return `value` at the largest share of each row, 0 elsewhere."""
    rows = np.zeros_like(shares)
    rows[np.arange(len(shares)), np.round(shares, 12).argmax(axis=1)] = value
    return rows
