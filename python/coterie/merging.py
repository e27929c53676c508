"""Ward's method on points that stand for several rows each."""

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats


def merge(points: Floats, weights: Floats, count: int) -> NDArray[np.int64]:
    """Return the group 1..count of each point, numbered by first appearance.

    The pair whose union adds least to the weighted sum of squares is merged until `count` groups
    are left (Ward 1963): w_a w_b / (w_a + w_b) |m_a - m_b|^2; ties to the first pair. Meant for at
    most a few hundred points.

    Args:
        points: (m, d), at least `count` of them.
        weights: (m,), rows that each point stands for, above 0.
        count: groups to leave.

    """
    mean, weight = points.astype(np.float64), weights.astype(np.float64)
    group = np.arange(len(points))
    while len(mean) > count:
        apart = ((mean[:, None] - mean[None]) ** 2).sum(axis=2)
        cost = apart * np.outer(weight, weight) / np.add.outer(weight, weight)
        cost[np.tril_indices(len(mean))] = np.inf
        one, two = np.unravel_index(int(cost.argmin()), cost.shape)
        total = weight[one] + weight[two]
        mean[one] = (weight[one] * mean[one] + weight[two] * mean[two]) / total
        weight[one] = total
        mean, weight = np.delete(mean, two, axis=0), np.delete(weight, two)
        group = np.where(group == two, one, group - (group > two))
    return np.asarray(group + 1, dtype=np.int64)
