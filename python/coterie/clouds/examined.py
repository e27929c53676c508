"""One warehouse: python -m coterie.clouds.examined snowflake <folder> [--quick]."""

import contextlib
import json
import sys
from pathlib import Path

from coterie.clouds.compiled import compile_project
from coterie.clouds.dialects import DIALECTS, Dialect
from coterie.clouds.parsed import faults, unparsed

# One statement of so many is read by sqlfluff in a quick run.
QUICK = 24


def examine(statements: dict[str, str], dialect: Dialect, quick: bool) -> dict[str, list[str]]:
    """Return the faults of each statement that has any.

    Args:
        statements: SQL by name.
        dialect: the warehouse.
        quick: sqlfluff, which is slow, reads few statements, of each dialect others.

    """
    first = list(DIALECTS).index(dialect.engine)
    read = set(sorted(statements)[first::QUICK] if quick else statements)
    found = {}
    for name, sql in sorted(statements.items()):
        wrong = faults(sql, dialect)
        if name in read:
            wrong = wrong + unparsed(sql, dialect)
        if wrong:
            found[name] = wrong
    return found


def main(engine: str, folder: Path, quick: bool) -> None:
    """Write <folder>/examined.json, and the SQL to <folder>/sql."""
    with contextlib.redirect_stdout(sys.stderr):
        statements, python = compile_project(engine, folder)
    (folder / "sql").mkdir()
    for name, sql in statements.items():
        (folder / "sql" / f"{name.replace('*', '.later')}.sql").write_text(sql)
    report = {
        "statements": len(statements),
        "models": len([name for name in statements if not name.endswith("*")]),
        "python": python,
        "read_by_sqlfluff": len(range(0, len(statements), QUICK if quick else 1)),
        "faults": examine(statements, DIALECTS[engine], quick),
    }
    (folder / "examined.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "--quick" in sys.argv)
