"""Read a table from the shell: `python -m coterie.query "from segments"`.

It asks the newest release; with --build what the last build left, also when it published nothing.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from coterie import reading

MAXIMUM_ROWS = 40


def answer(database: Path, sql: str) -> list[str]:
    """Return the header and the rows of a query as aligned lines, at most `MAXIMUM_ROWS` rows.

    A table is found by its name alone, whatever schema it is in. Nothing can be written.

    Raises:
        UnreadableError: the file can't be read.
        duckdb.Error: DuckDB can't answer.

    """
    with reading.open_file(database, reading.PUBLISH) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
        path = ",".join(["main", *sorted(name for (name,) in schemas if name != "main")])
        connection.execute(f"set search_path = '{path}'")
        found = connection.execute(sql)
        header = [column[0] for column in found.description or []]
        rows = [["" if cell is None else str(cell) for cell in row] for row in found.fetchall()]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows[:MAXIMUM_ROWS]]
    ]
    more = len(rows) - MAXIMUM_ROWS
    return [*lines, f"and {more:,} more rows"] if more > 0 else lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the answer; return 0, or 1 when there is none."""
    home = Path(os.environ.get("COTERIE_HOME", "."))
    parser = argparse.ArgumentParser(prog="python -m coterie.query", description=__doc__)
    parser.add_argument("sql")
    parser.add_argument("--build", action="store_true", help="read build.duckdb")
    given = parser.parse_args(arguments)
    database = home / ("build.duckdb" if given.build else "releases/serving.duckdb")
    try:
        print("\n".join(answer(database, given.sql)))
    except (reading.UnreadableError, duckdb.Error) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
