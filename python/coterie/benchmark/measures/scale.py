"""A whole `dbt build` at 1, 10 and 100 times the customers, in a limited memory and once without.

The limit of DuckDB's memory is COTERIE_MEMORY (1GB when unset); what Python holds comes on top.
The check: every line arrived, each build published a release, and every published row of the
largest build is that of the same build with ROOMY memory. The nodes that took longest are in
nodes.json beside each build.
"""

import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from coterie.benchmark.builds import build
from coterie.benchmark.compared import attached, differing, published
from coterie.benchmark.generator import generate
from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError
from coterie.benchmark.sizes import SIZES, Size

TIMES = (1, 10, 100)
ROOMY = "16GB"


def _size(job: Job, times: int) -> Size:
    whole = SIZES[job.size]
    part = times / TIMES[-1]
    return Size(
        f"{job.size}_{times}", int(whole.households * part), int(whole.lines * part), whole.products
    )


def _home(job: Job, times: int, memory: str | None = None) -> Path:
    return job.input(f"home_{times}_{memory}" if memory else f"home_{times}")


def prepare(job: Job) -> None:
    """Generate the three companies."""
    for times in TIMES:
        generate(job.input(f"data_{times}"), _size(job, times))


def _build(times: int, job: Job, memory: str | None = None) -> None:
    """Build everything, tests and publication included, from nothing."""
    home = _home(job, times, memory)
    for left in home.glob("build.duckdb*"):
        left.unlink()
    limit = memory or os.environ.get("COTERIE_MEMORY", "1GB")
    build(home, job.input(f"data_{times}"), "--exclude-resource-type", "unit_test", memory=limit)
    _note(home)


def _note(home: Path) -> None:
    """Write how long each node took, the longest first."""
    results = json.loads((home / "target" / "run_results.json").read_text())["results"]
    seconds = {one["unique_id"]: round(one["execution_time"], 1) for one in results}
    longest = sorted(seconds.items(), key=lambda item: -item[1])
    (home / "nodes.json").write_text(json.dumps(dict(longest), indent=1))


def _counted(job: Job, times: int) -> tuple[int, int]:
    import duckdb

    with duckdb.connect(str(_home(job, times) / "build.duckdb"), read_only=True) as connection:
        (found,) = connection.execute(
            "select (select count(*) from input.input_order_lines), "
            "(select count(*) from marts.customer_segments)"
        ).fetchall()
    return int(found[0]), int(found[1])


def check(job: Job) -> Sequence[Finding]:
    """See that every line arrived, a release is there, and memory changed nothing."""
    import duckdb

    found = []
    for times in TIMES:
        lines, rows = _counted(job, times)
        given = job.input(f"data_{times}") / "transactions.parquet"
        (asked,) = duckdb.sql(f"select count(*) from '{given}'").fetchall()[0]
        if lines != asked:
            raise UnequalError(f"{times}x: {lines} of {asked} lines were kept")
        if not (_home(job, times) / "releases" / "serving.duckdb").exists():
            raise UnequalError(f"{times}x: nothing was published")
        found += [
            Finding(f"{times}x lines", float(lines)),
            Finding(f"{times}x customer segments", float(rows)),
        ]
    homes = {"limited": _home(job, TIMES[-1]), "roomy": _home(job, TIMES[-1], ROOMY)}
    with duckdb.connect() as connection:
        attached(connection, {name: home / "build.duckdb" for name, home in homes.items()})
        tables = published(connection, "limited")
        unequal = [one for one in tables if differing(connection, "limited", "roomy", one)]
    if unequal:
        raise UnequalError(f"{ROOMY} of memory give other rows in {', '.join(unequal)}")
    return [*found, Finding("tables equal", len(tables), at_least=1)]


def _side(name: str, times: int, memory: str | None = None) -> Side:
    run: Callable[[Any], None] = partial(_build, times, memory=memory)
    return Side(name, run)


MEASURE = Measure(
    prepare,
    (*(_side(f"{times}x", times) for times in TIMES), _side("roomy", TIMES[-1], ROOMY)),
    check,
    (
        Target("10x", "1x", "cpu", at_most=10),
        Target("100x", "10x", "cpu", at_most=10),
        Target("100x", "10x", "peak", at_most=10),
        Target("roomy", "100x", "wall"),
    ),
    threads=2,
    sizes=("large", "huge"),
)
