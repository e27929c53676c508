"""What the two density methods share: their hierarchy, and their clusters as prototypes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Extra, Task, UnfitError
from coterie.prototypes import holdout, represent
from coterie.rounding import Floats, significant

Labels = NDArray[np.int64]
LEAST_NEIGHBOURS = 5


def neighbours(z: Floats) -> int:
    """Return how many rows near it, itself included, make a row dense: twice the columns, or 5."""
    return max(LEAST_NEIGHBOURS, 2 * z.shape[1])


def least_size(task: Task) -> int:
    """Return the fewest rows that count as a cluster: smallest_share of all, or `neighbours`."""
    return max(neighbours(task.z), int(np.ceil(task.smallest_share * len(task.z) - 1e-9)))


def hierarchy(z: Floats) -> Any:
    """Return the single linkage tree of mutual reachability distances (Campello et al. 2013).

    One row per merge, by distance: left_node, right_node, value (the distance), cluster_size.

    Raises:
        UnfitError: fewer rows than make one row dense.

    """
    from sklearn.cluster import HDBSCAN

    if len(z) <= neighbours(z):
        raise UnfitError(f"{len(z)} customers are too few to tell dense from sparse")
    model = HDBSCAN(min_cluster_size=2, min_samples=neighbours(z), algorithm="kd_tree", copy=True)
    return model.fit(z)._single_linkage_tree_


def components(task: Task, labels: Labels, setting: tuple[str, float]) -> Components:
    """Return prototypes with a reach for clusters 1..k; label 0 is noise.

    Args:
        task: what was asked.
        labels: (n,), the algorithm's own.
        setting: name and value of the parameter that was found.

    """
    found = represent(task.z, labels, task.seed)
    noise = f"{(labels == 0).sum()} of {len(labels)} customers seen are noise"
    return Components(
        mean=found.mean,
        precision=np.full(found.mean.shape, 1 / found.variance),
        offset=np.zeros(len(found.mean)),
        segment=found.cluster,
        reach=None if found.reach is None else found.reach / found.variance,
        labels=labels,
        extras=(
            Extra(setting[0], value=float(significant(setting[1])), note=noise),
            holdout(task.z, labels, task.seed),
        ),
    )


def renumbered(labels: Labels, least: int) -> Labels:
    """Return labels 1..k of the clusters with at least `least` rows, the largest first; else 0."""
    names, sizes = np.unique(labels[labels >= 0], return_counts=True)
    kept = sorted(zip(-sizes, names, strict=True))
    number = {name: at for at, (size, name) in enumerate(kept, start=1) if -size >= least}
    return np.array([number.get(name, 0) for name in labels], dtype=np.int64)
