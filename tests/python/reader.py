"""A process that reads the serving file over and over, as BI does, until it is told to stop.

    python reader.py FILE STOP

Prints JSON: reads, errors (texts), mixed (reads that saw more than one release) and releases.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

LEFTOVERS = (".tmp-*", ".old-*", ".*.next")


def read(file: Path) -> set[str]:
    """Return the release ids in all tables of a serving file but `releases`."""
    with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        parts = " union ".join(
            f"select release_id from {name}" for (name,) in names if name != "releases"
        )
        return {release_id for (release_id,) in connection.execute(parts).fetchall()}


def served(releases: Path) -> set[str]:
    """Return the release ids that BI would see."""
    return read(releases / "serving.duckdb")


def leftovers(releases: Path) -> list[str]:
    """Return the names of what an interrupted publication left in the folder of releases."""
    return [path.name for pattern in LEFTOVERS for path in releases.glob(pattern)]


def main(file: Path, stop: Path) -> None:
    """Read until the file `stop` exists."""
    reads, mixed, errors, releases = 0, 0, [], set()
    while not stop.exists():
        try:
            seen = read(file)
        except duckdb.Error as error:
            errors.append(type(error).__name__)
        else:
            reads += 1
            mixed += len(seen) != 1
            releases |= seen
        time.sleep(0.01)
    print(json.dumps([reads, mixed, errors, sorted(releases)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
