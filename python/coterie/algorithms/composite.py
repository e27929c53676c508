"""Clusters and business rules together: k-means for most, ordered rules for those they name.

A customer who meets every condition of a rule is in the segment of the first such rule, whatever
the cluster; everybody else is in the nearest cluster. In the one scoring rule a rule is a box whose
offset falls with its place, far above any cluster, and far below it outside: so rules are ordered
and exclude one another by construction. The score that rules may read does not move the clusters.
Of k segments as many are rules as there are, the others clusters.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coterie import business_rules as rules
from coterie.algorithms import Components, Extra, Task, UnfitError, kmeans
from coterie.rounding import Floats

RESTARTS = kmeans.RESTARTS
REFIT_RESTARTS = kmeans.REFIT_RESTARTS
HEIGHT, DEPTH = 1e6, 1e9


def fit(task: Task) -> Components:
    """Return the clusters, then the rules in their order.

    options: `rules` (boxes, or the reason why there are none) and `score_count` (columns at the end
    of z that only rules read).

    Raises:
        UnfitError: a rule cannot be applied, or no segment is left for the clusters.

    """
    boxes: Sequence[rules.Box] | str = task.options.get("rules", ())
    if isinstance(boxes, str):
        raise UnfitError(boxes)
    width = task.z.shape[1] - int(task.options.get("score_count", 0))
    count = task.segment_count - len(boxes)
    if count < 1:
        raise UnfitError(f"{task.segment_count} segments are too few for {len(boxes)} rules")
    clusters = kmeans.fit(_for_clusters(task, width, count))
    found = [rules.limits(box, task.z) for box in boxes]
    free, nothing = (
        np.full((count, task.z.shape[1]), np.inf),
        np.zeros((len(boxes), task.z.shape[1])),
    )
    return Components(
        mean=np.vstack([_wide(clusters.mean, task.z), nothing]),
        precision=np.vstack([_wide(clusters.precision, task.z), nothing]),
        offset=np.append(clusters.offset, HEIGHT * np.arange(len(boxes), 0, -1)),
        low=np.vstack([-free, *[low for low, _ in found]]),
        high=np.vstack([free, *[high for _, high in found]]),
        outside=np.append(np.full(count, np.nan), np.full(len(boxes), DEPTH)),
        names=("",) * count + tuple(box.name for box in boxes),
        extras=tuple(
            Extra("rule", at, note=f"{box.name}: {box.words}") for at, box in enumerate(boxes, 1)
        ),
        inertia=clusters.inertia,
        is_converged=clusters.is_converged,
    )


def _for_clusters(task: Task, width: int, count: int) -> Task:
    """Return the task of k-means: without scores, and with the first `count` means to start at."""
    initial = None if task.initial is None else task.initial[:count, :width]
    return replace(task, z=task.z[:, :width], segment_count=count, initial=initial)


def _wide(values: Floats, z: Floats) -> Floats:
    """Return the values as wide as z: zeros for the scores, which clusters do not read."""
    more = z.shape[1] - values.shape[1]
    return np.column_stack([values, np.zeros((len(values), more))])
