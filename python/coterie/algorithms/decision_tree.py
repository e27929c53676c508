"""Rules: a decision tree (Breiman et al. 1984) that predicts the outcome, one segment per leaf.

The tree learns from features at an earlier date and what customers did afterwards; a leaf is a box
of the standardised features. A segment can thus be said in a sentence, such as recency below 30
days and more than 4 orders. Its labels are exactly those of the boxes: edges lie half a unit of the
ninth decimal off the grid of z, so that no row is ever on one.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Task, UnfitError
from coterie.rounding import Floats

RESTARTS = 1
REFIT_RESTARTS = 1
SMALLEST_VARIANCE = 1e-6
OFF_THE_GRID = 5e-10
STEP = 1.25  # of the share asked of the learn rows, while a leaf has too few fit rows
PENALTY = 1.0  # what a row loses outside a box, beside its distance


def fit(task: Task) -> Components:
    """Return one box per leaf; means are those of the rows inside."""
    if task.learn is None or task.outcome is None:
        raise UnfitError(
            "a decision tree needs an outcome to learn, and there is no window with one yet"
        )
    low, high = _large_boxes(task, task.learn, task.outcome)
    labels = _inside(task.z, low, high)
    mean = np.array([_mean(task, labels, k, low[k], high[k]) for k in range(len(low))])
    inertia = float(((task.z - mean[labels]) ** 2).sum())
    variance = max(inertia / task.z.size, SMALLEST_VARIANCE)
    return Components(
        mean=mean,
        precision=np.full(mean.shape, 1 / variance),
        offset=np.zeros(len(mean)),
        low=low,
        high=high,
        outside=np.full(len(mean), PENALTY),
        labels=labels + 1,
        inertia=inertia,
    )


def _large_boxes(task: Task, learn: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """Return k boxes, each with at least smallest_share of the learn rows and of the fit rows."""
    needed = task.smallest_share * len(task.z) - 1e-9
    share = task.smallest_share
    while True:
        low, high = _boxes(_tree(task, learn, outcome, share), task.z.shape[1])
        sizes = np.bincount(_inside(task.z, low, high), minlength=len(low))
        if sizes.min() >= needed:
            return low, high
        share = max(share * STEP, share + 1 / len(learn))


def _tree(task: Task, learn: Floats, outcome: Floats, share: float) -> Any:
    """Return the fitted tree of k leaves, each with at least this share of the learn rows."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    is_class = set(np.unique(outcome)) <= {0.0, 1.0}
    kind = DecisionTreeClassifier if is_class else DecisionTreeRegressor
    smallest = max(1, int(np.ceil(share * len(learn) - 1e-9)))
    model = kind(
        max_leaf_nodes=task.segment_count, min_samples_leaf=smallest, random_state=task.seed
    ).fit(learn, outcome)
    leaves = int(model.get_n_leaves())
    if leaves < task.segment_count:
        raise UnfitError(
            f"the outcome tells only {leaves} groups of at least {smallest} rows apart, "
            f"not {task.segment_count}"
        )
    return model.tree_


def _boxes(tree: Any, width: int) -> tuple[Floats, Floats]:
    """Return the lower and upper edges of the leaves, (k, d) each, from left to right."""
    boxes = []
    waiting = [(0, np.full(width, -np.inf), np.full(width, np.inf))]
    while waiting:
        node, low, high = waiting.pop()
        if tree.children_left[node] < 0:
            boxes.append((low, high))
            continue
        feature = tree.feature[node]
        edge = np.floor(tree.threshold[node] * 1e9) / 1e9 + OFF_THE_GRID
        below, above = high.copy(), low.copy()
        below[feature] = above[feature] = edge
        waiting += [(tree.children_right[node], above, high)]
        waiting += [(tree.children_left[node], low, below)]
    return np.array([low for low, _ in boxes]), np.array([high for _, high in boxes])


def _inside(z: Floats, low: Floats, high: Floats) -> NDArray[np.int64]:
    """Return the box of each row, from 0."""
    inside = [
        ((z > below) & (z < above)).all(axis=1) for below, above in zip(low, high, strict=True)
    ]
    return np.asarray(np.argmax(inside, axis=0), dtype=np.int64)


def _mean(task: Task, labels: NDArray[np.int64], k: int, low: Floats, high: Floats) -> Floats:
    """Return the mean of the rows in box k; without any, of the learn rows in it."""
    if (labels == k).any():
        return np.asarray(task.z[labels == k].mean(axis=0))
    learn = task.z if task.learn is None else task.learn
    inside = ((learn > low) & (learn < high)).all(axis=1)
    return np.asarray(learn[inside].mean(axis=0))
