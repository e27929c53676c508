"""What runs on the other version of DuckDB, in a process of its own: a build, and a comparison.

That version's folder goes first on the path: COTERIE_DUCKDB2, or duckdb2 in the environment, where
`make lanes` puts it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
from project import Project
from runs import QUICK

from coterie.benchmark.compared import VOLATILE

FOLDER = Path(os.environ.get("COTERIE_DUCKDB2", Path(sys.prefix) / "duckdb2"))
STOPWATCH = {"segmentation.seg_fits": "parameter not in ('fit_seconds', 'fit_peak_mib')"}


def elsewhere(command: str, *arguments: Path) -> Any:
    """Run a command of this file on the other version, and return what it gives."""
    done = subprocess.run(
        [sys.executable, __file__, command, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def build(home: str) -> str:
    """Build a project, and return the version that did."""
    project = Project(Path(home))
    assert project.dbt("build", *QUICK), project.said
    return duckdb.__version__


def columns_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, list[str]]:
    """Return the columns of every table of a database, each with its type."""
    found = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = '{catalog}' and table_oid in "
        f"(select table_oid from duckdb_tables() where database_name = '{catalog}') "
        "order by column_index"
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, column, kind in found:
        tables.setdefault(table, []).append(f"{column} {kind}")
    return tables


def differences(one: str, other: str) -> dict[str, Any]:
    """Return how many tables a file holds, and which differ: columns, types, or rows either way."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        mine, theirs = (columns_of(connection, name) for name in ("one", "other"))
        found = {name: "not the same columns" for name in mine if mine[name] != theirs.get(name)}
        found |= {name: "in one only" for name in mine.keys() ^ theirs.keys()}
        for name in mine.keys() - found.keys():
            rows = _rows_apart(connection, name, mine[name])
            if rows:
                found[name] = f"{rows} rows"
    return {"tables": len(mine), "differing": found}


def _rows_apart(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> int:
    names = [column.split(" ")[0] for column in columns]
    listed = ", ".join(f'"{name}"' for name in names if name not in VOLATILE)
    where = STOPWATCH.get(table, "true")
    one, other = (
        f"(select {listed} from {side}.{table} where {where})" for side in ("one", "other")
    )
    found = connection.execute(
        f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
    ).fetchone()
    return int(found[0]) if found else 0


def read(file: str) -> dict[str, int]:
    """Return how many rows each table of a file has, every table read to its end."""
    with duckdb.connect(file, read_only=True) as connection:
        names = [name for (name,) in connection.execute("show tables").fetchall()]
        return {name: len(connection.execute(f'from "{name}"').fetchall()) for name in names}


if __name__ == "__main__":
    commands = {"build": build, "differences": differences, "read": read}
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
