"""How easy a segmentation is to say: what a small decision tree makes of it."""

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats

DEPTH = 3
SMALLEST_LEAF = 0.01


def fidelity(z: Floats, labels: NDArray[np.int64], order: NDArray[np.int64]) -> float:
    """Return the share of customers that a tree of depth 3 puts into their segment.

    At most eight if-then rules: learned on one half of the customers, counted on the other, so a
    rule that was learned by heart does not count. NaN with fewer than two segments in a half.

    Args:
        z: (n, d).
        labels: (n,).
        order: (n,), a fixed random number per customer; its parity makes the two halves.

    """
    from sklearn.tree import DecisionTreeClassifier

    first = order % 2 == 0
    if z.shape[1] == 0 or min(len(np.unique(labels[half])) for half in (first, ~first)) < 2:
        return float("nan")
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=SMALLEST_LEAF, random_state=0
    ).fit(z[first], labels[first])
    return float((tree.predict(z[~first]) == labels[~first]).mean())
