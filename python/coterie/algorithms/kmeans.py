"""k-means: segments are the customers nearest to a mean (Lloyd 1982, k-means++ starts).

In the one scoring rule it is a mixture of equal weights and one variance in every direction:
s2 = inertia / (n d), the maximum likelihood of hard assignments, at least 1e-6.
"""

import numpy as np

from coterie.algorithms import Components, Task

RESTARTS = 10
REFIT_RESTARTS = 5
MAXIMUM_ITERATIONS = 300
SMALLEST_VARIANCE = 1e-6


def fit(task: Task) -> Components:
    """Return means, one precision for all, and offset 0."""
    from sklearn.cluster import KMeans

    model = KMeans(
        n_clusters=task.segment_count,
        init="k-means++" if task.initial is None else task.initial,
        n_init=task.restarts if task.initial is None else 1,
        max_iter=MAXIMUM_ITERATIONS,
        random_state=task.seed,
    ).fit(task.z)
    variance = max(float(model.inertia_) / task.z.size, SMALLEST_VARIANCE)
    return Components(
        mean=model.cluster_centers_,
        precision=np.full((task.segment_count, task.z.shape[1]), 1 / variance),
        offset=np.zeros(task.segment_count),
        inertia=float(model.inertia_),
        is_converged=model.n_iter_ < MAXIMUM_ITERATIONS,
    )
