"""HDBSCAN (Campello, Moulavi and Sander 2013): dense regions of different density; noise between.

The smallest cluster size is not asked for, segments are: sizes are tried from smallest_share of the
rows up, each a quarter larger, first with the most lasting clusters (eom), then with the finest
(leaf); of those that give k clusters the one with least noise is taken. The finest clusters of the
smallest size are the most there can be: when they are too few, nothing else is tried. Noise is
unassigned, among new rows too: prototypes with a reach are the rule. A warm start has no meaning.
"""

from collections.abc import Iterator
from typing import Any

from coterie.algorithms import Components, Task, UnfitError
from coterie.density import Labels, components, hierarchy, least_size, renumbered

RESTARTS = 1
REFIT_RESTARTS = 1
MAXIMUM_ROWS = 10_000
STEP = 1.25


def fit(task: Task) -> Components:
    """Return prototypes with a reach, the labels of HDBSCAN, and the smallest size as an extra.

    Raises:
        UnfitError: no smallest cluster size gives k clusters.

    """
    tree, count, least = hierarchy(task.z), task.segment_count, least_size(task)
    most = int(_labels(tree, least, "leaf").max())
    for method in ("eom", "leaf") if most >= count else ():
        found = []
        for size in _sizes(least, len(task.z) // count):
            labels = _labels(tree, size, method)
            if labels.max() == count:
                found.append((int((labels == 0).sum()), size, labels))
        if found:
            _, size, labels = min(found, key=lambda one: one[:2])
            return components(task, labels, (f"smallest_cluster_size_{method}", float(size)))
    raise UnfitError(
        f"no smallest size gives {count} clusters of at least {least} rows each; the most is {most}"
    )


def _sizes(least: int, largest: int) -> Iterator[int]:
    size = least
    while size <= largest:
        yield size
        size = max(size + 1, int(size * STEP))


def _labels(tree: Any, size: int, method: str) -> Labels:
    """Return what HDBSCAN(min_cluster_size=size) gives, without growing the tree again."""
    from sklearn.cluster._hdbscan._tree import tree_to_labels

    found, _ = tree_to_labels(tree, size, method)
    return renumbered(found, 1)
