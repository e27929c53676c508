"""A day's refresh of the whole project beside a full build: 0.15% new lines, some of them late.

`daily` carries on from the build of the day before; its late lines are up to four weeks late.
`late` is the day after, with lines that are months late too. `whole` is `dbt build --full-refresh`
of that second day on a copy, with the models fitted before; its tables are compared with those of
`late`. `first` is the same day on an empty warehouse, models fitted and all. CPU is that of the
command `dbt build`, with the start of Python, and of copying the warehouse file.
COTERIE_BENCH_SELECT narrows all of it to a selection of dbt, for a look at a part.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coterie.benchmark.builds import build
from coterie.benchmark.compared import attached, differing, published
from coterie.benchmark.generator import generate
from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError
from coterie.benchmark.sizes import SIZES

DAY = "2017-11-15"
NEW_SHARE = 0.0015
# Of every so many baskets one reaches the warehouse on the second day, whenever it was bought.
MONTHS_LATE = 10_007
SELECT = os.environ.get("COTERIE_BENCH_SELECT", "")


def prepare(job: Job) -> None:
    """Generate a company, split its lines by day of loading, and build the day before."""
    if (job.input("base") / "build.duckdb").exists():
        return
    everything = job.input("data")
    generate(everything, SIZES[job.size])
    for number, name in enumerate(("before", "day", "after")):
        _split(everything, job.input(name), number)
    _build(job, "base", "before")


def _split(everything: Path, folder: Path, number: int) -> None:
    """Write the source as it stood `number` days after the first build."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    for file in everything.glob("*.parquet"):
        if file.stem != "transactions":
            shutil.copy(file, folder)
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '1500MB'; set threads = 1")
        lines = f"""select * replace (
            case when basket_id % {MONTHS_LATE} = 7 then date '{DAY}' + 1
                else cast(loaded_at as date) end as loaded_at
        ) from '{everything}/transactions.parquet'"""
        earlier, that_day = _row(
            connection,
            f"select count(*) filter (where loaded_at < date '{DAY}'), "
            f"count(*) filter (where loaded_at = date '{DAY}') from ({lines})",
        )
        percent = min(100, round(100 * NEW_SHARE * earlier / max(that_day, 1)))
        connection.execute(
            f"copy (select * from ({lines}) where loaded_at < date '{DAY}' or "
            f"(loaded_at < date '{DAY}' + {number} and (basket_id % 100 < {percent} "
            f"or basket_id % {MONTHS_LATE} = 7))) "
            f"to '{folder}/transactions.parquet' (format parquet)"
        )


def _build(job: Job, home: str, data: str, *arguments: str) -> None:
    selected = ("--select", *SELECT.split()) if SELECT else ()
    memory = os.environ.get("COTERIE_MEMORY", "3GB")
    build(job.input(home), job.input(data), *selected, *arguments, memory=memory)


def _copied(job: Job, source: str, home: str) -> None:
    shutil.rmtree(job.input(home), ignore_errors=True)
    shutil.copytree(job.input(source), job.input(home), symlinks=True)


def daily_side(job: Job) -> None:
    """Carry on with a day's lines."""
    _copied(job, "base", "daily_home")
    _build(job, "daily_home", "day")


def late_side(job: Job) -> None:
    """Carry on with another day's lines, some months late."""
    _copied(job, "daily_home", "late_home")
    _build(job, "late_home", "after")


def whole_side(job: Job) -> None:
    """Read and compute everything of the second day; the models stay."""
    _copied(job, "daily_home", "whole_home")
    _build(job, "whole_home", "after", "--full-refresh")


def first_side(job: Job) -> None:
    """Build the second day on an empty warehouse."""
    shutil.rmtree(job.input("first_home"), ignore_errors=True)
    _build(job, "first_home", "after")


def check(job: Job) -> Sequence[Finding]:
    """Compare every published table of `late` and `whole`; say how many lines were new."""
    import duckdb

    with duckdb.connect() as connection:
        homes = {name: job.input(f"{name}_home") / "build.duckdb" for name in ("late", "whole")}
        attached(connection, homes)
        tables = [
            table
            for table in published(connection, "whole", ("features", "input"))
            if not _is_of_the_run(table)
        ]
        unequal = [one for one in tables if differing(connection, "late", "whole", one)]
        (carried,) = _row(
            connection, "select count(*) from late.input.int_refresh__planned where not is_full"
        )
        before, day, after = (
            _row(connection, f"select count(*) from '{job.input(name)}/transactions.parquet'")[0]
            for name in ("before", "day", "after")
        )
    if unequal or not carried:
        raise UnequalError(", ".join(unequal) or "nothing was carried on")
    return [
        Finding("tables_equal", len(tables), at_least=1),
        Finding("new_lines_percent", 100 * (day - before) / day, at_most=0.2),
        Finding("new_lines_percent_late", 100 * (after - day) / after, at_most=0.2),
    ]


def _is_of_the_run(name: str) -> bool:
    """Return whether a table tells what this run did, not what there is."""
    return name.endswith(
        ("__touched", "__replaced", "__changed", "__kept", "_log")
    ) or name.endswith("int_refresh__planned")


def _row(connection: Any, sql: str) -> tuple[int, ...]:
    (row,) = connection.execute(sql).fetchall()
    return tuple(int(number) for number in row)


MEASURE = Measure(
    prepare,
    (
        Side("daily", daily_side),
        Side("late", late_side),
        Side("whole", whole_side),
        Side("first", first_side),
    ),
    check,
    (
        Target("daily", "whole", at_most=0.05, sizes=("large",)),
        Target("daily", "first", at_most=0.05, sizes=("large",)),
        Target("late", "whole", at_most=0.05, sizes=("large",)),
    ),
)
