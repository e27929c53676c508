"""k-means with many micro segments, merged to the segments asked for (two-step clustering).

Ward's method merges the micro segments, weighted by their customers. A customer's segment is that
of the nearest micro segment; both can be published, the fine one inside the coarse one. A warm
start has no meaning here: it is fitted afresh.
"""

import numpy as np

from coterie.algorithms import Components, Task, distinct_rows
from coterie.merging import merge

RESTARTS = 5
REFIT_RESTARTS = 2
MAXIMUM_ITERATIONS = 300
MICRO_PER_SEGMENT = 5
MOST_MICRO = 40
SMALLEST_VARIANCE = 1e-6


def fit(task: Task) -> Components:
    """Return micro segments as components and the segment that each belongs to."""
    from sklearn.cluster import KMeans

    z, count = task.z, task.segment_count
    asked = task.options.get("micro_segment_count", min(MICRO_PER_SEGMENT * count, MOST_MICRO))
    wanted = max(count, int(asked))
    micro = min(wanted, distinct_rows(z, wanted))
    model = KMeans(
        micro, n_init=task.restarts, max_iter=MAXIMUM_ITERATIONS, random_state=task.seed
    ).fit(z)
    sizes = np.bincount(model.labels_, minlength=micro).astype(np.float64)
    variance = max(float(model.inertia_) / z.size, SMALLEST_VARIANCE)
    return Components(
        mean=model.cluster_centers_,
        precision=np.full(model.cluster_centers_.shape, 1 / variance),
        offset=np.zeros(micro),
        segment=merge(model.cluster_centers_, sizes, count),
        inertia=float(model.inertia_),
        is_converged=model.n_iter_ < MAXIMUM_ITERATIONS,
    )
