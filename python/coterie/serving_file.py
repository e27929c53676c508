"""The serving file of a release: a fresh DuckDB file with the tables, and the same as parquet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from coterie import cards, release_folder, report, transparency
from coterie.release_order import PublicationRefusedError

# Files of a newer storage version cannot be opened by the 1.5 clients that BI drivers still are.
STORAGE_VERSION = "v1.5.0"
CATALOG = "coterie_serving"


def tables_in(cursor: Any, database: str) -> set[str]:
    """Return the tables and views of a database, as 'schema.table'."""
    found = cursor.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = ?",
        [database],
    ).fetchall()
    return {name for (name,) in found}


def write(
    cursor: Any, database: str, stage: Path, tables: pd.DataFrame, ledger: pa.Table
) -> report.Frames:
    """Write the file and the parquet files into the folder `stage`; return what is reported on."""
    stage.mkdir()
    release_id = ledger["release_id"][-1].as_py()
    with _attached(cursor, stage / release_folder.SERVING):
        for table in tables.itertuples():
            _copy(cursor, database, table, release_id)
        cursor.register("coterie_ledger", ledger)
        cursor.execute(f"create table {CATALOG}.main.releases as from coterie_ledger order by all")
        cursor.unregister("coterie_ledger")
        cursor.execute(f"checkpoint {CATALOG}")
        names = [*sorted(tables["table_name"]), "releases"]
        for name in names:
            file = _text(stage / f"{name}.parquet")
            rows = f'(from {CATALOG}.main."{name}" order by all)'
            cursor.execute(f"copy {rows} to {file} (format parquet, compression zstd)")
        return {
            name: cursor.execute(f'from {CATALOG}.main."{name}" order by all').df()
            for name in names
            if name in {*report.TABLES, *cards.TABLES, *transparency.TABLES}
        }


@contextmanager
def _attached(cursor: Any, file: Path) -> Iterator[None]:
    version = f"storage_version '{STORAGE_VERSION}'"
    cursor.execute(f"attach {_text(file)} as {CATALOG} ({version})")
    try:
        yield
    finally:
        cursor.execute(f"detach {CATALOG}")


def _copy(cursor: Any, database: str, table: Any, release_id: str) -> None:
    schema, _, name = table.relation.partition(".")
    target = f'{CATALOG}.main."{table.table_name}"'
    source = f'"{database}"."{schema}"."{name}"'
    cursor.execute(f"create table {target} as from {source} order by all")
    rows, others = cursor.execute(
        f"select count(*), count(*) filter (where release_id is distinct from ?) from {target}",
        [release_id],
    ).fetchall()[0]
    if rows != table.row_count or others:
        raise PublicationRefusedError(
            f"{table.table_name} changed while it was published: {rows} rows, "
            f"{others} of another run, {table.row_count} expected; run a plain dbt build"
        )


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
