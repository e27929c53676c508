"""Command line: `python -m coterie.harbour <folder> [--persons 2000] [--seed 1]`."""

import argparse
from pathlib import Path

from coterie.harbour.company import write_company


def main() -> None:
    """Write Harbour's tables to a folder and say how many rows each one has."""
    parser = argparse.ArgumentParser(prog="python -m coterie.harbour", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--persons", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    try:
        rows = write_company(given.folder, given.persons, given.seed)
    except ValueError as error:
        parser.error(str(error))
    for table, count in sorted(rows.items()):
        print(f"{table:24} {count:>12,}")


if __name__ == "__main__":
    main()
