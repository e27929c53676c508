"""Bisecting k-means (Steinbach, Karypis and Kumar 2000): the loosest segment is cut in two again.

Its own labels follow the cuts, so the nearest mean is not always a row's own: a few prototypes per
segment are the rule, and the harness measures how many labels they repeat. A warm start has no
meaning here: it is fitted afresh.
"""

import numpy as np

from coterie.algorithms import Components, Task
from coterie.prototypes import holdout, represent

RESTARTS = 5
REFIT_RESTARTS = 2
MAXIMUM_ITERATIONS = 300


def fit(task: Task) -> Components:
    """Return prototypes, one precision for all, offset 0, and the labels of the cuts."""
    from sklearn.cluster import BisectingKMeans

    z, count = task.z, task.segment_count
    model = BisectingKMeans(
        n_clusters=count,
        init="k-means++",
        n_init=task.restarts,
        max_iter=MAXIMUM_ITERATIONS,
        random_state=task.seed,
    )
    order = np.lexsort(z.T)  # the cuts depend on the order of rows; this one is of the values only
    labels = np.empty(len(z), dtype=np.int64)
    labels[order] = model.fit(z[order]).labels_ + 1
    found = represent(z, labels, task.seed)
    return Components(
        mean=found.mean,
        precision=np.full(found.mean.shape, 1 / found.variance),
        offset=np.zeros(len(found.mean)),
        segment=found.cluster,
        labels=labels,
        extras=(holdout(z, labels, task.seed),),
        inertia=float(model.inertia_),
    )
