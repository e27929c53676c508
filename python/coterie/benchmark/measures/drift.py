"""Drift of 25 columns of a million rows: sorted columns and bins against evidently's default.

evidently's default for a number with more than 1,000 values is the first Wasserstein distance.
Ours give Kolmogorov-Smirnov's D as well. Both sides start from tables of one DuckDB file, as the
project does: ours a column at a time, evidently from a frame of all columns.
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
    """Make the tables reference and current; every fourth column has not moved."""
    import duckdb

    if job.input("build.duckdb").exists():
        return
    made = job.input("making.duckdb")
    made.unlink(missing_ok=True)
    with duckdb.connect(str(made)) as connection:
        connection.execute("set threads = 1; set memory_limit = '1GB'")
        for table, moved in (("reference", 0.0), ("current", 0.02)):
            columns = ", ".join(
                f"({_column(table, at, moved)})::double as column_{at}" for at in range(COLUMNS)
            )
            connection.execute(
                f"create table {table} as select {columns} from range({ROWS[job.size]}) as ids (i)"
            )
    made.rename(job.input("build.duckdb"))


def _column(table: str, at: int, moved: float) -> str:
    words = {name: DRAW.format(word=f"{table}{name}", at=at) for name in "uv"}
    return SHAPES[at % len(SHAPES)].format(**words, by=1 + moved * (at % 4))


def _connected(job: Job) -> Any:
    import duckdb

    return duckdb.connect(str(job.input("build.duckdb")), True, {"threads": 1})


def _columns(job: Job) -> Iterator[tuple[str, Any, Any]]:
    """Yield each column's name and its values then and now, one column at a time."""
    with _connected(job) as connection:
        for name in (f"column_{at}" for at in range(COLUMNS)):
            then, now = (
                connection.sql(f"select {name} from {table}").to_arrow_table()[name].to_numpy()
                for table in ("reference", "current")
            )
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
    with _connected(job) as connection:
        then, now = (
            Dataset.from_pandas(rows, data_definition=definition)
            for rows in (connection.sql(f"from {table}").df() for table in ("reference", "current"))
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


OURS = ("duckdb", "numpy", "pandas", "coterie.distances")
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
