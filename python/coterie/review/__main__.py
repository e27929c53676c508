"""The pack for a quarterly review: a page to print, a form for verdicts, and one for a rollout.

`python -m coterie.review` reads the newest release and writes `review/<as_of>/index.html`,
`verdicts.csv` and `rollout.csv` there. The page shows a few customers of each segment under
pseudonyms; with the environment variable COTERIE_PSEUDONYM_KEY set, the same people have the same
names next time.
"""

import argparse
import os
import sys
from pathlib import Path

from coterie import formats, reading, report
from coterie.review import pages
from coterie.review.workshop import SAMPLE

PER_SEGMENT = 5
SMALLEST = 30  # of a segment with fewer customers nobody is shown, not even under a pseudonym


def main(arguments: list[str] | None = None) -> int:
    """Write the pack of the newest release; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m coterie.review", description=__doc__)
    home = Path(os.environ.get("COTERIE_HOME", "."))
    parser.add_argument("--releases", type=Path, default=home / "releases")
    parser.add_argument("--to", type=Path, default=home / "review")
    parser.add_argument("--customers", type=int, default=PER_SEGMENT, help="shown of each segment")
    chosen = parser.parse_args(arguments)
    try:
        opened = reading.open_file(chosen.releases / "serving.duckdb", reading.PUBLISH)
    except reading.UnreadableError as error:
        print(error, file=sys.stderr)
        return 1
    with opened as connection:
        listed = connection.execute("select table_name from duckdb_tables()").fetchall()
        tables = {name: connection.execute(f"from {name}").df() for (name,) in listed
                  if name in pages.TABLES}  # fmt: skip
        sample = connection.execute(SAMPLE, [chosen.customers, SMALLEST]).df()
    as_of = formats.day(report.records(tables["releases"], "published_at")[-1].as_of_date)
    print(f"Review: {pages.write(chosen.to / as_of, tables, sample)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
