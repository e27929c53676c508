"""k-means in which every segment has at least smallest_share of the rows (Bradley et al. 2000).

Each step gives rows to segments at the least sum of squared distances that leaves no segment too
small, by the prices of `coterie.prices`; then means are taken anew. A price is an offset in the one
scoring rule, so the promise holds for the labels of the rule, not only inside the fit:

    score = -1/2 precision (|z - mean|^2 - price)

A new row follows the same borders; new rows as a whole are promised nothing.
"""

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Task, UnfitError
from coterie.prices import UnsettledError, cheapest, settle
from coterie.prototypes import squared_distances
from coterie.rounding import Floats

RESTARTS = 10
REFIT_RESTARTS = 5
STARTS = 2
MAXIMUM_ROWS = 20_000
MAXIMUM_ITERATIONS = 300
SMALLEST_VARIANCE = 1e-6
SMALLEST_TIE = 1e-6  # of the mean squared distance: below, rows count as equally far


def fit(task: Task) -> Components:
    """Return means, one precision for all, and the prices as offsets."""
    z, count = task.z, task.segment_count
    minimum = max(1, int(np.ceil(task.smallest_share * len(z) - 1e-9)))
    if minimum * count > len(z):
        raise UnfitError(
            f"{count} segments of at least {minimum} rows each need more than the {len(z)} there "
            "are: ask for fewer segments, or a lower smallest_share"
        )
    found = [_settled(z, start, minimum) for start in _starts(task)]
    inertia, mean, prices, is_converged = min(found, key=lambda one: one[0])
    variance = max(inertia / z.size, SMALLEST_VARIANCE)
    return Components(
        mean=mean,
        precision=np.full((count, z.shape[1]), 1 / variance),
        offset=0.5 * prices / variance,
        inertia=inertia,
        is_converged=is_converged,
    )


def _starts(task: Task) -> list[Floats]:
    """Return the means to start from: those of the two best of `restarts` plain k-means."""
    from sklearn.cluster import KMeans

    if task.initial is not None:
        return [task.initial]
    seeds = range(task.seed, task.seed + task.restarts)
    tried = [KMeans(task.segment_count, n_init=1, random_state=one).fit(task.z) for one in seeds]
    best = sorted(tried, key=lambda model: float(model.inertia_))[:STARTS]
    return [model.cluster_centers_ for model in best]


def _settled(z: Floats, mean: Floats, minimum: int) -> tuple[float, Floats, Floats, bool]:
    """Return inertia, means, prices and whether the labels came to rest."""
    before: NDArray[np.int64] | None = None
    for _ in range(MAXIMUM_ITERATIONS):
        cost = squared_distances(z, mean)
        tie = SMALLEST_TIE * float(cost.min(axis=1).mean())
        try:
            prices = settle(cost, minimum, tie)
        except UnsettledError as error:
            raise UnfitError(
                f"{error}: too many customers are equal, ask for fewer segments"
            ) from error
        labels = cheapest(cost, prices)
        inertia = float(cost[np.arange(len(z)), labels].sum())
        if before is not None and (labels == before).all():
            return inertia, mean, prices, True
        before = labels
        mean = np.array([z[labels == k].mean(axis=0) for k in range(len(mean))])
    return inertia, mean, prices, False
