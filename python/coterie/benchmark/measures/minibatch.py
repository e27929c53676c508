"""Mini-batch k-means on a million customers inside 512 MiB, against k-means on a sample of them."""

from collections.abc import Sequence

from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError, peak_mib
from coterie.benchmark.measures import fit

MEMORY_CAP_MIB = 512
SEED = 11


def minibatch_side(job: Job) -> None:
    """Fit everyone, a small batch at a time."""
    import numpy as np

    from coterie.algorithms import Task, minibatch_kmeans

    task = Task(fit.rows(job), segment_count=fit.SEGMENTS, seed=SEED, restarts=10)
    np.save(job.result("minibatch", "means.npy"), minibatch_kmeans.fit(task).mean)
    job.result("minibatch", "peak.txt").write_text(str(peak_mib()))


def sample_side(job: Job) -> None:
    """Fit a quarter of the customers by k-means."""
    import numpy as np

    from coterie.algorithms import Task, kmeans

    z = fit.rows(job, fit.SAMPLE_SHARE)
    task = Task(z, segment_count=fit.SEGMENTS, seed=SEED, restarts=10)
    np.save(job.result("sample", "means.npy"), kmeans.fit(task).mean)


def check(job: Job) -> Sequence[Finding]:
    """Compare the inertia of everyone, and the peak with its cap."""
    import numpy as np

    z = fit.rows(job)
    inertia = {
        side: fit.labelled(z, np.load(job.result(side, "means.npy")))[1]
        for side in ("minibatch", "sample")
    }
    ratio = inertia["minibatch"] / inertia["sample"]
    if not 0.5 < ratio < 2:
        raise UnequalError(f"the inertia of mini-batches is {ratio:.3g} times that of the sample")
    peak = float(job.result("minibatch", "peak.txt").read_text())
    return [
        Finding("inertia, minibatch / sample", ratio),
        Finding("peak of minibatch, MiB", peak, at_most=MEMORY_CAP_MIB),
    ]


OURS = ("duckdb", "numpy", "sklearn.cluster", "coterie.algorithms.minibatch_kmeans")
MEASURE = Measure(
    fit.prepare,
    (Side("minibatch", minibatch_side, OURS), Side("sample", sample_side, OURS)),
    check,
    (Target("minibatch", "sample", "cpu"), Target("minibatch", "sample", "peak")),
)
