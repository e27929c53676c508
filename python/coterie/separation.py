"""How far apart the segments of one candidate are, in its own standardised space."""

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats

SAMPLE_ROWS = 5_000


def separation(z: Floats, labels: NDArray[np.int64], order: NDArray[np.int64]) -> dict[str, float]:
    """Return silhouette, silhouette_error, calinski_harabasz and davies_bouldin.

    The silhouette (Rousseeuw 1987) is the mean over at most 5,000 rows, its error the standard
    deviation over the root of their number. Calinski and Harabasz (1974); Davies and Bouldin
    (1979). Rows of no segment (0) are left out. All NaN with one
    segment, or with as many segments as rows.

    Args:
        z: (n, d).
        labels: (n,).
        order: (n,), a fixed random number per customer that decides who is in the sample.

    """
    from sklearn.metrics import (
        calinski_harabasz_score,
        davies_bouldin_score,
        silhouette_samples,
    )

    names = ["silhouette", "silhouette_error", "calinski_harabasz", "davies_bouldin"]
    inside = labels > 0
    z, labels, order = z[inside], labels[inside], order[inside]
    sample = np.sort(np.argsort(order, kind="stable")[:SAMPLE_ROWS])
    if not _is_measurable(labels[sample]):
        return dict.fromkeys(names, float("nan"))
    each = silhouette_samples(z[sample], labels[sample])
    values = [
        each.mean(),
        each.std(ddof=1) / np.sqrt(len(each)),
        calinski_harabasz_score(z, labels),
        davies_bouldin_score(z, labels),
    ]
    return dict(zip(names, map(float, values), strict=True))


def _is_measurable(labels: NDArray[np.int64]) -> bool:
    return 2 <= len(np.unique(labels)) < len(labels)


def elbows(inertia: dict[int, float]) -> dict[int, float]:
    """Return how far each point of the inertia curve lies below its chord, by segment count.

    Both axes are scaled to 0..1 between the smallest and the largest count tried; the largest
    value is the elbow (Satopaa et al. 2011, the kneedle). NaN with fewer than three counts, or a
    curve that does not fall.
    """
    counts = sorted(inertia)
    first, last = (inertia[counts[0]], inertia[counts[-1]]) if counts else (0.0, 0.0)
    if len(counts) < 3 or first <= last:
        return dict.fromkeys(counts, float("nan"))
    width, height = counts[-1] - counts[0], first - last
    return {k: (first - inertia[k]) / height - (k - counts[0]) / width for k in counts}
