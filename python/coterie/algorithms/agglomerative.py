"""Hierarchical clustering by Ward's method (1963): the closest pair is merged, again and again.

The tree is cut at k clusters. It has no rule of its own for a new row: a few prototypes per cluster
are it, and the harness measures how many labels they repeat. The last merges are kept, for a
picture of the tree. Nothing is random but the prototypes; a warm start has no meaning.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Extra, Task
from coterie.prototypes import holdout, represent
from coterie.rounding import Floats, significant

RESTARTS = 1
REFIT_RESTARTS = 1
MAXIMUM_ROWS = 10_000
KEPT_MERGES = 60


def fit(task: Task) -> Components:
    """Return prototypes, the labels of the tree, and its last 60 merges as extras."""
    from scipy.cluster.hierarchy import ward

    z = task.z
    tree = ward(z)
    labels = _cut(tree, task.segment_count)
    found = represent(z, labels, task.seed)
    means = np.array([z[labels == k].mean(axis=0) for k in range(1, labels.max() + 1)])
    return Components(
        mean=found.mean,
        precision=np.full(found.mean.shape, 1 / found.variance),
        offset=np.zeros(len(found.mean)),
        segment=found.cluster,
        labels=labels,
        extras=(*_merges(tree), holdout(z, labels, task.seed)),
        inertia=float(((z - means[labels - 1]) ** 2).sum()),
    )


def _cut(tree: Floats, count: int) -> NDArray[np.int64]:
    """Return labels 1..count: the clusters before the last count - 1 merges, equal heights too."""
    rows = len(tree) + 1
    names = np.arange(rows + len(tree))
    for at in range(rows - count - 1, -1, -1):
        names[tree[at, :2].astype(int)] = names[rows + at]
    return np.asarray(np.unique(names[:rows], return_inverse=True)[1] + 1, dtype=np.int64)


def _merges(tree: Floats) -> Iterator[Extra]:
    """Yield the last merges: position from 1, height, and 'left,right,size' as the note.

    Left and right are positions of earlier kept merges; minus its rows for one that is not kept.
    """
    first, rows = max(0, len(tree) - KEPT_MERGES), len(tree) + 1
    sizes = np.concatenate([np.ones(rows), tree[:, 3]]).astype(int)
    for at in range(first, len(tree)):
        parts = [int(part) for part in tree[at, :2]]
        ends = [part - rows - first + 1 if part >= rows + first else -sizes[part] for part in parts]
        note = f"{ends[0]},{ends[1]},{int(tree[at, 3])}"
        yield Extra("dendrogram", at - first + 1, float(significant(tree[at, 2])), note)
