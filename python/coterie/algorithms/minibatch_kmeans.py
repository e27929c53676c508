"""k-means on small random batches (Sculley 2010): little memory, a slightly larger inertia.

For training sets too large for k-means; on those that are not, k-means is better and as fast. In
the one scoring rule as k-means.
"""

import numpy as np

from coterie.algorithms import Components, Task

RESTARTS = 10
REFIT_RESTARTS = 5
BATCH_ROWS = 4_096
MAXIMUM_EPOCHS = 100
SMALLEST_VARIANCE = 1e-6


def fit(task: Task) -> Components:
    """Return means, one precision for all, and offset 0."""
    from sklearn.cluster import MiniBatchKMeans

    z, count, start = task.z, task.segment_count, task.initial
    model = MiniBatchKMeans(
        n_clusters=count,
        init="k-means++" if start is None else start,
        n_init=task.restarts if start is None else 1,
        batch_size=BATCH_ROWS,
        max_iter=MAXIMUM_EPOCHS,
        random_state=task.seed,
    ).fit(z)
    variance = max(float(model.inertia_) / z.size, SMALLEST_VARIANCE)
    return Components(
        mean=model.cluster_centers_,
        precision=np.full((count, z.shape[1]), 1 / variance),
        offset=np.zeros(count),
        inertia=float(model.inertia_),
        is_converged=model.n_iter_ < MAXIMUM_EPOCHS,
    )
