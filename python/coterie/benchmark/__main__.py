"""Command line: `python -m coterie.benchmark <measure> ... [--size small]`; see --help."""

import argparse
import os
import pkgutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from coterie.benchmark import measures, results
from coterie.benchmark.generator import generate
from coterie.benchmark.harness import Job, UnequalError, find, run
from coterie.benchmark.sizes import SIZES


def main(arguments: list[str] | None = None) -> int:
    """Run measures beside their peers, add to the results table, and write its page.

    The size tiny is for tests: it is run and compared, and not added.
    """
    names = sorted(one.name for one in pkgutil.iter_modules(measures.__path__))
    parser = argparse.ArgumentParser(prog="python -m coterie.benchmark", description=main.__doc__)
    parser.add_argument("measure", nargs="+", choices=[*names, "all", "page", "generate"])
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--repeats", type=int, default=1, help="the run of the least CPU counts")
    parser.add_argument("--folder", type=Path, default=_home(), help="where data and results lie")
    given = parser.parse_args(arguments)
    every = [name for name in names if given.size in find(name).sizes]
    wanted = every if given.measure == ["all"] else given.measure
    if wanted == ["generate"]:
        for table, count in generate(given.folder / given.size, SIZES[given.size]).items():
            print(f"{table:24} {count:>12,}")
        return 0
    failed = [name for name in wanted if name != "page" and not _measured(name, given)]
    if given.size != "tiny":
        said = results.notes(results.NOTES)
        results.PAGE.write_text(results.page(results.read(results.CSV), said))
    return len(failed)


def _home() -> Path:
    return Path(os.environ.get("COTERIE_HOME", ".")) / "benchmark" / "data"


def _measured(name: str, given: argparse.Namespace) -> bool:
    """Run one measure and add its rows; say what it said, and whether it ran to its end."""
    job = Job((given.folder / name / given.size).resolve(), given.size)
    try:
        outcome = run(name, job, given.repeats, progress=lambda line: print(line, flush=True))
    except (UnequalError, subprocess.CalledProcessError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return False
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    common = {"date": now, "commit": _commit(), "measure": name, "size": given.size}
    new = results.rows(find(name), outcome, common)
    if given.size != "tiny":
        results.append(results.CSV, new)
    for row in new:
        print("  ".join(f"{row[column]:>12}" for column in results.COLUMNS[4:-1]))
    return True


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
