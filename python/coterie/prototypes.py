"""A few points that stand for clusters of any shape, so that a new row can be labelled.

Every cluster is represented by the means of k-means inside it, which are then moved so that more
rows are nearest to one of their own cluster (generalised learning vector quantisation, Sato and
Yamada 1996, in batches). A new row belongs to the cluster of the nearest. Where the clusters leave
rows out (label 0), every prototype has a reach, and a row beyond the reach of its nearest prototype
is left out too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms.components import Extra
from coterie.rounding import Floats

COUNTS = (1, 2, 4, 8, 16)  # prototypes of the largest cluster; smaller ones have fewer
ENOUGH = 0.96  # agreement at which more prototypes are not tried
EPOCHS = 20
STEEPNESS = 8.0  # of the logistic loss of GLVQ
STEP = 0.5
SMALLEST_VARIANCE = 1e-6
BEYOND = 1.5  # reach over the largest squared distance, where no row outside bounds it
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Prototypes:
    """Points that stand for clusters: (c, d) means, the cluster 1..k of each, squared reach.

    variance is the mean squared distance of rows to the nearest prototype of their own cluster, in
    one direction; agreement the share of rows whose label the prototypes repeat.
    """

    mean: Floats
    cluster: Labels
    reach: Floats | None
    variance: float
    agreement: float

    def label(self, z: Floats) -> Labels:
        """Return the cluster of each row, 0 beyond the reach of its nearest prototype."""
        distance = squared_distances(z, self.mean)
        nearest = distance.argmin(axis=1)
        given = self.cluster[nearest]
        if self.reach is None:
            return given
        return np.where(distance.min(axis=1) > self.reach[nearest], 0, given)


def represent(z: Floats, labels: Labels, seed: int) -> Prototypes:
    """Return the fewest prototypes that repeat 96% of the labels, or those that repeat most.

    Args:
        z: (n, d).
        labels: (n,), clusters 1..k, 0 for rows that are in none.
        seed: of k-means inside the clusters.

    """
    found: Prototypes | None = None
    for count in COUNTS:
        tried = _with(z, labels, seed, count)
        if found is None or tried.agreement > found.agreement:
            found = tried
        if found.agreement >= ENOUGH:
            break
    assert found is not None
    return found


def holdout(z: Floats, labels: Labels, seed: int) -> Extra:
    """Return the share of labels of every second row that prototypes of the others repeat.

    No value where a cluster has no row among the others.
    """
    learn, judge = np.arange(len(z)) % 2 == 0, np.arange(len(z)) % 2 == 1
    note = "share of every second customer whose label a rule made from the others repeats"
    if len(np.unique(labels[learn & (labels > 0)])) < labels.max():
        return Extra("agreement_holdout", note=f"{note}: a segment is too small")
    found = represent(z[learn], labels[learn], seed)
    share = float((found.label(z[judge]) == labels[judge]).mean())
    return Extra("agreement_holdout", value=share, note=note)


def _with(z: Floats, labels: Labels, seed: int, count: int) -> Prototypes:
    """Return the prototypes when the largest cluster has `count` of them."""
    sizes = np.bincount(labels)[1:]
    wanted = np.ceil(count * sizes / sizes.max()).astype(int)
    parts = [_centres(z[labels == k + 1], max(1, n), seed) for k, n in enumerate(wanted)]
    cluster = np.repeat(np.arange(1, len(parts) + 1), [len(part) for part in parts])
    inside = labels > 0
    mean = _moved(z[inside], labels[inside], np.vstack(parts), cluster)
    distance = squared_distances(z, mean)
    nearest = distance.argmin(axis=1)
    least = distance[np.arange(len(z)), nearest]
    given = cluster[nearest]
    reach = None
    if not inside.all():
        reach = _reaches(least, nearest, given == labels, ~inside, len(mean))
        given = np.where(least > reach[nearest], 0, given)
    own = np.where(cluster == labels[:, None], distance, np.inf).min(axis=1)[inside]
    variance = max(float(own.mean()) / z.shape[1], SMALLEST_VARIANCE)
    return Prototypes(mean, cluster, reach, variance, float((given == labels).mean()))


def _moved(z: Floats, labels: Labels, mean: Floats, cluster: Labels) -> Floats:
    """Return the prototypes after the epoch of GLVQ that repeats the most labels, the first too."""
    best, kept = -1.0, mean
    if len(np.unique(cluster)) < 2:
        return mean
    for _ in range(EPOCHS + 1):
        distance = squared_distances(z, mean)
        agreement = float((cluster[distance.argmin(axis=1)] == labels).mean())
        if agreement > best:
            best, kept = agreement, mean
        if best == 1:
            break
        mean = _stepped(z, mean, distance, cluster == labels[:, None])
    return kept


def _stepped(z: Floats, mean: Floats, distance: Floats, is_own: NDArray[np.bool_]) -> Floats:
    """Return the prototypes one step nearer to rows of their cluster, farther from others'."""
    own, other = np.where(is_own, distance, np.inf), np.where(is_own, np.inf, distance)
    near, far = own.min(axis=1), other.min(axis=1)
    total = np.maximum(near + far, 1e-12)
    loss = 1 / (1 + np.exp(-STEEPNESS * (near - far) / total))
    slope = loss * (1 - loss) / total**2
    moved = np.zeros_like(mean)
    weight = np.full(len(mean), 1e-12)
    for sign, nearest, pull in (
        (1, own.argmin(axis=1), slope * far),
        (-1, other.argmin(axis=1), slope * near),
    ):
        weight += np.bincount(nearest, weights=pull, minlength=len(mean))
        for column in range(z.shape[1]):
            step = sign * pull * (z[:, column] - mean[nearest, column])
            moved[:, column] += np.bincount(nearest, weights=step, minlength=len(mean))
    return np.asarray(mean + STEP * moved / weight[:, None])


def squared_distances(z: Floats, mean: Floats) -> Floats:
    """Return the squared distance of each row to each point, (n, c)."""
    return np.column_stack([((z - point) ** 2).sum(axis=1) for point in mean])


def _centres(z: Floats, count: int, seed: int) -> Floats:
    """Return at most `count` means of k-means, sorted."""
    from sklearn.cluster import KMeans

    different = min(count, len(np.unique(z, axis=0)))
    centres = z.mean(axis=0, keepdims=True)
    if different > 1:
        centres = KMeans(different, n_init=1, random_state=seed).fit(z).cluster_centers_
    return np.asarray(centres[np.lexsort(centres.T[::-1])], dtype=np.float64)


def _reaches(
    least: Floats, nearest: Labels, is_right: NDArray[np.bool_], is_out: NDArray[np.bool_], c: int
) -> Floats:
    """Return the squared reach of each prototype that repeats the most labels of its rows."""
    reaches = np.empty(c)
    for at in range(c):
        mine = nearest == at
        reaches[at] = _reach(least[mine], is_right[mine], is_out[mine])
    return reaches


def _reach(least: Floats, is_right: NDArray[np.bool_], is_out: NDArray[np.bool_]) -> float:
    """Return where to cut: right rows within less rows out within is greatest, then farthest in."""
    if not is_right.any():
        return 0.0
    order = np.argsort(least, kind="stable")
    gain = np.cumsum(is_right[order].astype(int) - is_out[order].astype(int))
    best = int(gain.argmax())
    last = least[order][best]
    outside = least[is_out & (least > last)]
    limit = BEYOND * last
    return float(min(limit, (last + outside.min()) / 2) if len(outside) else limit)
