"""k-means on a sample of customers in md5 order, as the project fits, against all of them.

Five seeds, each with all restarts, on rows that are read once, as the project draws its training
set once for all candidates. What two full fits of different seeds reach between themselves
is what a sample can be held to: where they disagree at nearly the same inertia, k is not
identifiable, and no method gives one answer.
"""

from collections.abc import Sequence
from typing import Any

from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError

ROWS = {"tiny": 2_000, "small": 40_000, "large": 800_000, "huge": 800_000}
SAMPLE_SHARE = 4  # one row in four: 200,000 of 800,000
FEATURES, TYPES, SEGMENTS = 12, 9, 8
SEEDS = (11, 12, 13, 14, 15)
OTHER = 100  # added to a seed for the second full fit
CUSTOMERS = """
with typed as (
    select
        'c' || i as customer_id,
        (pow((md5_number_lower('t' || i) % 100000) / 100000.0, 1.5) * {types})::int % {types}
            as type
    from range({rows}) as ids (i)
),
drawn as (
    select
        customer_id,
        {draws}
    from typed
)
select customer_id, {columns} from drawn
"""


def prepare(job: Job) -> None:
    """Make standardised features of customers of nine overlapping types, some heavy-tailed."""
    import duckdb

    draws, columns = [], []
    for at in range(FEATURES):
        centre = f"((md5_number_lower('centre{at}|' || type) % 1000) / 1000.0 - 0.5) * 3.4"
        hashed = f"md5_number_lower('{at}|' || customer_id)"
        u, v = (f"((({hashed} >> {skip}) % 1000003) + 1) / 1000004.0" for skip in (2, 32))
        noise = f"sqrt(-2 * ln({u})) * cos(6.283185307 * {v})"
        draws.append(f"{centre} + {noise} as x{at}")
        shape = f"x{at}" if at % 3 else f"least(exp(x{at} * 0.7) - 1, 6)"
        columns.append(f"round({shape}, 9)::double as z{at}")
    words = {"draws": ", ".join(draws), "columns": ", ".join(columns)}
    sql = CUSTOMERS.format(rows=ROWS[job.size], types=TYPES, **words)
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(f"copy ({sql}) to '{job.input('customers.parquet')}'")


def rows(job: Job, share: int = 1) -> Any:
    """Return the features of all customers, (n, 12), or of one in `share`, in md5 order."""
    import duckdb
    import numpy as np

    names = ", ".join(f"z{at}" for at in range(FEATURES))
    limit = f"order by md5(customer_id) limit {ROWS[job.size] // share}" if share > 1 else ""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        path = job.input("customers.parquet")
        columns = connection.execute(f"select {names} from '{path}' {limit}").fetchnumpy()
    return np.column_stack([columns[f"z{at}"] for at in range(FEATURES)])


def _fitted(job: Job, side: str, share: int, seeds: Sequence[int]) -> None:
    """Read the rows, fit each seed, and save the means."""
    import numpy as np

    from coterie.algorithms import Task, kmeans

    z, means = rows(job, share), []
    for seed in seeds:
        task = Task(z, segment_count=SEGMENTS, seed=seed, restarts=kmeans.RESTARTS)
        means.append(kmeans.fit(task).mean)
    np.save(job.result(side, "means.npy"), np.stack(means))


def sample_side(job: Job) -> None:
    """Fit the sample, once for each seed."""
    _fitted(job, "sample", SAMPLE_SHARE, SEEDS)


def full_side(job: Job) -> None:
    """Fit everyone, once for each seed."""
    _fitted(job, "full", 1, SEEDS)


def again_side(job: Job) -> None:
    """Fit everyone from five other seeds."""
    _fitted(job, "full again", 1, [seed + OTHER for seed in SEEDS])


def check(job: Job) -> Sequence[Finding]:
    """Compare inertia and labels of all customers, seed by seed."""
    import numpy as np

    from coterie.stability import adjusted_rand_index

    z = rows(job)
    found = {}
    for side in ("sample", "full", "full again"):
        found[side] = [labelled(z, one) for one in np.load(job.result(side, "means.npy"))]
    findings = []
    for at, seed in enumerate(SEEDS):
        (sample, cost), (full, full_cost), (again, again_cost) = (
            found[side][at] for side in ("sample", "full", "full again")
        )
        between = adjusted_rand_index(full, again)
        share = adjusted_rand_index(sample, full) / between
        if not np.isfinite(cost):
            raise UnequalError(f"seed {seed}: the sample's means are not finite")
        findings += [
            Finding(f"seed {seed}: inertia, sample / full", cost / full_cost, at_most=1.0005),
            Finding(f"seed {seed}: ARI to full / between full fits", share, at_least=0.98),
            Finding(f"seed {seed}: ARI between full fits", between),
            Finding(f"seed {seed}: inertia, full again / full", again_cost / full_cost),
        ]
    return findings


def labelled(z: Any, means: Any) -> tuple[Any, float]:
    """Return the nearest mean of every row, and the inertia."""
    import numpy as np

    apart = (means**2).sum(axis=1) - 2 * z @ means.T
    labels = apart.argmin(axis=1)
    inertia = float((z**2).sum() + apart[np.arange(len(z)), labels].sum())
    return labels, inertia


OURS = ("duckdb", "numpy", "sklearn.cluster", "coterie.stability", "coterie.algorithms.kmeans")
MEASURE = Measure(
    prepare,
    (
        Side("sample", sample_side, OURS),
        Side("full", full_side, OURS),
        Side("full again", again_side, OURS),
    ),
    check,
    (Target("sample", "full", "cpu", at_most=0.25), Target("sample", "full", "peak")),
)
