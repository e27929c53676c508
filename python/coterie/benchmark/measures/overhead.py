"""What dbt itself costs per node: a build of the demo, less its SQL and its Python models.

One thread of dbt, so that all CPU of the process while a statement or a Python model runs is its
own, DuckDB's threads included. What is left is dbt's: rendering, contexts, events, artefacts. The
project was parsed before, as it is for everybody but in the first run.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from coterie.benchmark.harness import Finding, Job, Measure, Side, UnequalError

SELECTED = {"tiny": ("--select", "tag:staging")}
MOST_MILLISECONDS = 30.0
MILLI = 1000


class Clock:
    """Counts the CPU seconds of the process while functions run, by kind; nested calls once."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.is_inside = False

    def count(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, counted."""

        @wraps(function)
        def counted(*arguments: Any, **more: Any) -> Any:
            if self.is_inside:
                return function(*arguments, **more)
            self.is_inside, before = True, time.process_time()
            try:
                return function(*arguments, **more)
            finally:
                self.is_inside = False
                self.seconds[kind] += time.process_time() - before

        return counted


def prepare(job: Job) -> None:
    """Parse the project; no database is there."""
    for file in job.folder.glob("build.duckdb*"):
        file.unlink()
    _dbt(job, "parse")


def _dbt(job: Job, *arguments: str) -> None:
    """Run dbt on the project of this folder; everything that it writes lies with the job.

    Raises:
        UnequalError: it failed.

    """
    from dbt.cli.main import dbtRunner

    os.environ |= {"COTERIE_HOME": str(job.folder), "DBT_PROFILES_DIR": str(Path.cwd())}
    where = ("--target-path", str(job.folder / "target"), "--quiet")
    done = dbtRunner().invoke([*arguments, *where])
    if not done.success:
        raise UnequalError(f"dbt {arguments[0]} failed: {done.exception or 'see its lines'}")


def build_side(job: Job) -> None:
    """Build, and write what SQL and Python models took of the CPU."""
    from dbt.adapters.duckdb.environments import local

    clock = Clock()
    counted: tuple[tuple[Any, str, str], ...] = (
        (local.DuckDBCursorWrapper, "execute", "sql"),
        (local.LocalEnvironment, "submit_python_job", "python"),
    )
    for kind, method, name in counted:
        setattr(kind, method, clock.count(name, getattr(kind, method)))
    before = time.process_time()
    _dbt(job, "build", *SELECTED.get(job.size, ()))
    clock.seconds["all"] = time.process_time() - before
    job.result("build", "seconds.json").write_text(json.dumps(clock.seconds))


def check(job: Job) -> Sequence[Finding]:
    """Divide what is left by the nodes that ran; all of them must have succeeded."""
    results = json.loads((job.folder / "target" / "run_results.json").read_text())["results"]
    broken = [one["unique_id"] for one in results if one["status"] in ("error", "fail", "skipped")]
    if broken:
        raise UnequalError(f"{len(broken)} nodes did not succeed, {broken[0]} first")
    seconds = json.loads(job.result("build", "seconds.json").read_text())
    left = seconds["all"] - seconds.get("sql", 0) - seconds.get("python", 0)
    return [
        Finding("nodes", len(results)),
        Finding("CPU seconds of SQL", seconds.get("sql", 0)),
        Finding("CPU seconds of Python models", seconds.get("python", 0)),
        Finding("CPU milliseconds of dbt per node", MILLI * left / len(results), MOST_MILLISECONDS),
    ]


MEASURE = Measure(
    prepare,
    (Side("build", build_side, ("dbt.cli.main", "dbt.adapters.duckdb", "duckdb")),),
    check,
)
