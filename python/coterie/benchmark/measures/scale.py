"""A whole `dbt build` at 1, 10 and 100 times the customers, in a limited memory.

No peer: the check is that every line arrived and that each build published a release. The limit is
COTERIE_MEMORY (1GB when unset). The nodes that took longest are in nodes.json beside each build.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from coterie.benchmark.generator import generate
from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError
from coterie.benchmark.sizes import SIZES, Size

TIMES = (1, 10, 100)
BUILD = ("build", "--quiet", "--threads", "1", "--exclude-resource-type", "unit_test")


def _size(job: Job, times: int) -> Size:
    whole = SIZES[job.size]
    part = times / TIMES[-1]
    return Size(
        f"{job.size}_{times}", int(whole.households * part), int(whole.lines * part), whole.products
    )


def _home(job: Job, times: int) -> Path:
    return job.input(f"home_{times}")


def prepare(job: Job) -> None:
    """Generate the three companies."""
    for times in TIMES:
        generate(job.input(f"data_{times}"), _size(job, times))


def _build(times: int, job: Job) -> None:
    """Build everything, tests and publication included, from nothing."""
    home = _home(job, times)
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob("build.duckdb*"):
        left.unlink()
    places = {"COTERIE_HOME": home, "COTERIE_COMPLETE_JOURNEY": job.input(f"data_{times}")}
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *BUILD]
    command += ["--target-path", str(home / "target"), "--log-path", str(home)]
    given = {name: str(path) for name, path in places.items()}
    environment = {"COTERIE_MEMORY": "1GB"} | dict(os.environ) | given
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
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
    """See that every line arrived and that a release is there."""
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
    return found


def _side(times: int) -> Side:
    run: Callable[[Any], None] = partial(_build, times)
    return Side(f"{times}x", run)


MEASURE = Measure(
    prepare,
    tuple(_side(times) for times in TIMES),
    check,
    (
        Target("10x", "1x", "cpu", at_most=10),
        Target("100x", "10x", "cpu", at_most=10),
        Target("100x", "10x", "peak", at_most=10),
    ),
    threads=2,
    sizes=("large", "huge"),
)
