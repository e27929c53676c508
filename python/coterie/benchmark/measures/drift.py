"""Drift of 25 columns of a million rows: sorted columns and bins against evidently's default.

evidently's default for a number with more than 1,000 values is the first Wasserstein distance.
Ours give Kolmogorov-Smirnov's D as well.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError

ROWS = {"tiny": 3_000, "small": 100_000, "large": 1_000_000, "huge": 1_000_000}
COLUMNS = 25
DRAW = "((md5_number_lower('{word}{at}|' || i) >> 13) + 0.5) / 2251799813685248"
SHAPES = (
    "-ln(1 - {u}) * 30 * {by}",
    "pow(1 - {u}, -{by} / 1.8)",
    "round(100 * exp(1.2 * sqrt(-2 * ln({u})) * cos(6.283185307 * {v}) * {by}))",
    "floor(-ln(1 - {u}) * 5 * {by})",
    "case when {u} < 0.5 * {by} then 0 else {v} end",
)


def prepare(job: Job) -> None:
    """Make a reference and a current Arrow file; every fourth column has not moved."""
    import duckdb
    import pyarrow.parquet as pq
    from pyarrow import feather

    for table, moved in (("reference", 0.0), ("current", 0.02)):
        if job.input(f"{table}.arrow").exists():
            continue
        with duckdb.connect() as connection:
            connection.execute("set threads = 1; set memory_limit = '1GB'")
            columns = ", ".join(
                f"({_column(table, at, moved)})::double as column_{at}" for at in range(COLUMNS)
            )
            path = job.input(f"{table}.parquet")
            connection.execute(
                f"copy (select {columns} from range({ROWS[job.size]}) as ids (i)) to '{path}'"
            )
        rows = pq.read_table(path, use_threads=False).combine_chunks()
        arrow = job.input(f"{table}.arrow")
        feather.write_feather(rows, arrow, compression="uncompressed", chunksize=len(rows))
        path.unlink()


def _column(table: str, at: int, moved: float) -> str:
    words = {name: DRAW.format(word=f"{table}{name}", at=at) for name in "uv"}
    return SHAPES[at % len(SHAPES)].format(**words, by=1 + moved * (at % 4))


def _columns(job: Job) -> Iterator[tuple[str, Any, Any]]:
    """Yield each column's name and its values then and now, one column at a time."""
    from pyarrow import feather

    paths = [job.input(f"{table}.arrow") for table in ("reference", "current")]
    tables = [feather.read_table(path, memory_map=True, use_threads=False) for path in paths]
    for name in tables[0].column_names:
        then, now = (one.column(name).to_numpy() for one in tables)
        yield name, then, now


def _distances(job: Job, side: str, distance: Callable[[Any, Any], Any]) -> None:
    import pandas as pd

    found = {name: distance(then, now) for name, then, now in _columns(job)}
    pd.DataFrame.from_dict(found, orient="index").to_parquet(job.result(side))


def exact_side(job: Job) -> None:
    """Measure from sorted columns."""
    from coterie.distances import exact

    _distances(job, "exact", exact)


def bins_side(job: Job) -> None:
    """Measure from counts in bins."""
    from coterie.distances import binned

    _distances(job, "bins", binned)


def evidently_side(job: Job) -> None:
    """Measure each column by evidently, which chooses the method."""
    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    names = [f"column_{at}" for at in range(COLUMNS)]
    definition = DataDefinition(numerical_columns=names)
    then, now = (
        Dataset.from_pandas(
            pd.read_feather(job.input(f"{table}.arrow"), use_threads=False),
            data_definition=definition,
        )
        for table in ("reference", "current")
    )
    report = Report([ValueDrift(column=name) for name in names]).run(now, then)
    found = {
        one["config"]["column"]: [one["config"]["method"], float(one["value"])]
        for one in report.dict()["metrics"]
    }
    frame = pd.DataFrame.from_dict(found, orient="index", columns=["method", "value"])
    frame.to_parquet(job.result("evidently"))


def check(job: Job) -> Sequence[Finding]:
    """Compare the Wasserstein distances with evidently's, and the bins with the sorted columns."""
    import pandas as pd

    sides = ("exact", "bins", "evidently")
    exact, bins, peer = (pd.read_parquet(job.result(side)) for side in sides)
    if set(peer["method"]) != {"Wasserstein distance (normed)"}:
        raise UnequalError(f"evidently took {sorted(set(peer['method']))}")
    apart = (exact["wasserstein"] - peer["value"]).abs().max()
    if not apart <= 1e-9:
        raise UnequalError(f"the distance of a column differs by {apart:.3g}, at most 1e-9")
    gap = (exact["kolmogorov_smirnov"] - bins["kolmogorov_smirnov"]).abs().max()
    if not gap <= 1e-3:
        raise UnequalError(f"D from bins differs by {gap:.3g}, at most 0.001")
    area = (exact["wasserstein"] - bins["wasserstein"]).abs().max()
    return [
        Finding("largest difference to evidently", float(apart), at_most=1e-9),
        Finding("largest difference of D, bins", float(gap), at_most=1e-3),
        Finding("largest difference of the distance, bins", float(area)),
    ]


OURS = ("numpy", "pandas", "pyarrow.feather", "coterie.distances")
MEASURE = Measure(
    prepare,
    (
        Side("exact", exact_side, OURS),
        Side("bins", bins_side, OURS),
        Side("evidently", evidently_side, (*OURS, "evidently", "evidently.metrics")),
    ),
    check,
    (
        Target("evidently", "exact", "cpu", at_least=6),
        Target("evidently", "bins", "cpu", at_least=60),
        Target("evidently", "exact", "peak"),
    ),
)
