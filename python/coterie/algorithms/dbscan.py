"""DBSCAN (Ester et al. 1996): segments are dense regions of any shape; rows between are noise.

A row is dense with max(5, 2 d) rows within eps, itself included. eps is not asked for, segments
are: of all eps that give k clusters of at least smallest_share, the range with the largest ratio of
its ends is taken, and the geometric mean of those. Smaller clusters count as noise. Noise is
unassigned, among new rows too: prototypes with a reach are the rule. A warm start has no meaning.
"""

import math
from typing import Any

import numpy as np

from coterie.algorithms import Components, Task, UnfitError
from coterie.density import components, hierarchy, least_size, neighbours, renumbered

RESTARTS = 1
REFIT_RESTARTS = 1
MAXIMUM_ROWS = 10_000
SMALLEST_RATIO = 1e-6  # of the ends of a range of eps: equal rows are at distance 0


def fit(task: Task) -> Components:
    """Return prototypes with a reach, the labels of DBSCAN, and eps as an extra.

    Raises:
        UnfitError: no eps gives k clusters.

    """
    from sklearn.cluster import DBSCAN

    least = least_size(task)
    eps = _eps(hierarchy(task.z), task.segment_count, least)
    found = DBSCAN(eps=eps, min_samples=neighbours(task.z)).fit(task.z)
    labels = renumbered(found.labels_, least)
    return components(task, labels, ("eps", eps))


def _eps(tree: Any, count: int, least: int) -> float:
    """Return the eps in the middle of the widest range that gives `count` large clusters."""
    ends = np.append(tree["value"][1:], np.inf)
    best, most, widest = math.nan, 0, 0.0
    for low, high, clusters in zip(tree["value"], ends, _counts(tree, least), strict=True):
        most = max(most, clusters)
        nearest = max(low, high * SMALLEST_RATIO)
        width = math.log(high / nearest) if 0 < high < np.inf else 0.0
        if clusters == count and width > widest:
            best, widest = math.sqrt(nearest * high), width
    if math.isnan(best):
        raise UnfitError(
            f"no density gives {count} clusters of at least {least} rows each; the most is {most}"
        )
    return best


def _counts(tree: Any, least: int) -> list[int]:
    """Return the number of clusters of at least `least` rows after each merge."""
    rows = len(tree) + 1
    sizes = np.concatenate([np.ones(rows), tree["cluster_size"]])
    is_large = (sizes >= least).astype(int)
    left, right = tree["left_node"], tree["right_node"]
    change = is_large[rows:] - is_large[left] - is_large[right]
    return [int(number) for number in np.cumsum(change) + is_large[:rows].sum()]
