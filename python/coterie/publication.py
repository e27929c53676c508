"""Publish a release: a copy of the allow-listed tables, whole or not at all.

The last node of `dbt build` calls `publish`. It refuses to publish what failed a check or mixes
two runs; then the release that people read yesterday stays (stale but safe).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from coterie import cards, release_folder, report
from coterie.forgetting import forget
from coterie.outside import publishing
from coterie.outside.reading import Session

RELEASES_SCHEMA = pa.schema(
    [
        ("release_id", pa.string()),
        ("published_at", pa.timestamp("us")),
        ("as_of_date", pa.date32()),
        ("fingerprint", pa.string()),
        ("table_count", pa.int64()),
        ("code_version", pa.string()),
    ]
)
# Files of a newer storage version cannot be opened by the 1.5 clients that BI drivers still are.
STORAGE_VERSION = "v1.5.0"
CATALOG = "coterie_serving"
LIBRARIES = ("coterie", "dbt-core", "dbt-duckdb", "duckdb", "pandas", "pyarrow", "scikit-learn")


class PublicationRefusedError(ValueError):
    """Nothing was published and the last release stays; the message says why and what to do."""


def publish(
    session: Any,
    request: pd.DataFrame,
    tables: pd.DataFrame,
    previous: pd.DataFrame | None,
    retained_releases: int,
) -> pa.Table:
    """Write a release beside the database of `session` and put it in place at once.

    Args:
        session: a DuckDB connection to a database file, of which only a cursor of its own is used;
            or the session of `coterie.fit_outside`, which publishes into a schema.
        request: one row: release_id, command, as_of_date, published_at (UTC), code_version,
            breach_count, breaches (text), withdrawn_count (customers to be published who withdrew
            consent during this build), customers_relation ('schema.table' of those who may be in).
        tables: one row per table to publish: table_name, relation ('schema.table'), row_count,
            fingerprint, release_id_count, release_id (of its rows; null when it is empty).
        previous: the releases published before, columns of `RELEASES_SCHEMA`; None at first.
        retained_releases: how many releases to keep on disk, this one included.

    Returns:
        The rows to append to `releases`: one, or none when nothing was published (any command but
        `build`) or when `previous` already holds this release.

    Raises:
        PublicationRefusedError: a check is breached, a customer withdrew while the build ran, or a
            table is missing or of another run.

    """
    order = _order(request)
    if order["command"] != "build":
        return RELEASES_SCHEMA.empty_table()
    if isinstance(session, Session):
        return _publish_schema(session, order, tables, previous)
    database, releases = place(session)
    _refuse_breaches(order)
    _refuse_withdrawn(order)
    row = _row(order, tables)
    home = releases / order["release_id"]
    stage = releases / f".tmp-{home.name}"
    with closing(session.cursor()) as cursor:
        _refuse_tables(cursor, database, home.name, tables)
        release_folder.clean(releases)
        frames = _write(cursor, database, stage, tables, _ledger(previous, row))
    _describe(stage, frames, tables, row)
    release_folder.seal(stage)
    release_folder.install(stage, home)
    release_folder.serve(home)
    with closing(session.cursor()) as cursor:
        forget(cursor, home, order["customers_relation"])
    release_folder.retain(home, retained_releases)
    is_known = previous is not None and order["release_id"] in set(previous["release_id"])
    return RELEASES_SCHEMA.empty_table() if is_known else row


def _publish_schema(
    session: Session, order: dict[str, Any], tables: pd.DataFrame, previous: pd.DataFrame | None
) -> pa.Table:
    if session.adapter.type() != "postgres":
        raise PublicationRefusedError(
            f"publication is not written for {session.adapter.type()}: the tables are built and "
            "tested; copy or grant those of var published_tables"
        )
    _refuse_breaches(order)
    _refuse_withdrawn(order)
    _refuse_others(order["release_id"], tables)
    row = _row(order, tables)
    wrong = publishing.faulty(session.adapter, tables, order["release_id"])
    if wrong:
        raise PublicationRefusedError(
            f"changed while they were published: {', '.join(wrong)}; run a plain dbt build"
        )
    publishing.swap(session.adapter, _ledger(previous, row))
    return row


def _order(request: pd.DataFrame) -> dict[str, Any]:
    if len(request) != 1:
        raise PublicationRefusedError(f"the request must have one row, it has {len(request)}")
    order = {str(key): value for key, value in request.iloc[0].to_dict().items()}
    name = order["release_id"]
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise PublicationRefusedError(
            "release_id must be letters, digits, '-' or '_': it names a folder"
        )
    if name == release_folder.LATEST:
        raise PublicationRefusedError(
            "release_id must not be 'latest': that is the newest one's link"
        )
    return order


def place(session: Any) -> tuple[str, Path]:
    """Return the name of the build database, and the folder of releases beside its file."""
    name, path = session.execute(
        "select database_name, path from duckdb_databases() "
        "where database_name = current_database()"
    ).fetchall()[0]
    if not path:
        raise PublicationRefusedError(
            "the database is in memory: releases are written beside its file"
        )
    return name, Path(path).absolute().parent / "releases"


def _refuse_breaches(order: dict[str, Any]) -> None:
    count = order["breach_count"]
    if pd.isna(count):
        raise PublicationRefusedError(
            "the number of breaches is unknown: check_results was not read"
        )
    if count > 0:
        raise PublicationRefusedError(
            f"{int(count)} breached: {order['breaches']}. What was published before stays. "
            "Mend the cause, or waive the check with a reason in check_waivers.csv"
        )


def _refuse_withdrawn(order: dict[str, Any]) -> None:
    count = order["withdrawn_count"]
    if pd.isna(count) or count > 0:
        number = "an unknown number of" if pd.isna(count) else int(count)
        raise PublicationRefusedError(
            f"{number} customers withdrew consent while this build ran. What was published before "
            "stays. Build again: they will be left out"
        )


def _refuse_tables(cursor: Any, database: str, release_id: str, tables: pd.DataFrame) -> None:
    found = cursor.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = ?",
        [database],
    ).fetchall()
    missing = tables.loc[~tables["relation"].isin([name for (name,) in found]), "table_name"]
    if len(missing) or tables.empty:
        raise PublicationRefusedError(
            f"not built: {', '.join(sorted(missing)) or 'any table'}; run a plain dbt build"
        )
    _refuse_others(release_id, tables)


def _refuse_others(release_id: str, tables: pd.DataFrame) -> None:
    is_other = (tables["release_id"] != release_id) | (tables["release_id_count"] != 1)
    other = tables.loc[is_other & (tables["row_count"] > 0), "table_name"]
    if len(other):
        raise PublicationRefusedError(
            f"of another run than {release_id}: {', '.join(sorted(other))}; "
            "run a plain dbt build, without --select or --exclude"
        )


def _row(order: dict[str, Any], tables: pd.DataFrame) -> pa.Table:
    published = pd.Timestamp(order["published_at"])
    if published.tzinfo is not None:
        published = published.tz_convert("UTC").tz_localize(None)
    values = {
        "release_id": order["release_id"],
        "published_at": published.to_pydatetime(warn=False),
        "as_of_date": pd.Timestamp(order["as_of_date"]).date(),
        "fingerprint": fingerprint(tables),
        "table_count": len(tables),
        "code_version": order["code_version"],
    }
    return pa.Table.from_pylist([values], schema=RELEASES_SCHEMA)


def fingerprint(tables: pd.DataFrame) -> str:
    """Return the md5 of table names and their fingerprints, in the order of the names."""
    pairs = sorted(zip(tables["table_name"], tables["fingerprint"], strict=True))
    return hashlib.md5("\n".join(f"{name} {print_}" for name, print_ in pairs).encode()).hexdigest()


def _ledger(previous: pd.DataFrame | None, row: pa.Table) -> pa.Table:
    if previous is None or previous.empty:
        return row
    others = previous[previous["release_id"] != row["release_id"][0].as_py()]
    past = pa.Table.from_pandas(
        others[RELEASES_SCHEMA.names], schema=RELEASES_SCHEMA, preserve_index=False, safe=False
    )
    return pa.concat_tables([past, row])


def _write(
    cursor: Any, database: str, stage: Path, tables: pd.DataFrame, ledger: pa.Table
) -> report.Frames:
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
            if name in {*report.TABLES, *cards.TABLES}
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


def _describe(stage: Path, frames: report.Frames, tables: pd.DataFrame, row: pa.Table) -> None:
    (stage / "report.html").write_text(report.render(frames), encoding="utf-8")
    versions = frames.get("model_versions", pd.DataFrame({"segmentation": []}))
    cards.write(stage / "cards", frames)
    manifest = _manifest(stage, versions, tables, row)
    (stage / release_folder.MANIFEST).write_text(_json(manifest), encoding="utf-8")


def _manifest(
    stage: Path, versions: pd.DataFrame, tables: pd.DataFrame, row: pa.Table
) -> dict[str, Any]:
    listed = {
        table.table_name: {
            "row_count": int(table.row_count),
            "fingerprint": table.fingerprint,
            "parquet_sha256": _sha256(stage / f"{table.table_name}.parquet"),
        }
        for table in report.records(tables, "table_name")
    }
    live = versions[versions["status"] == "live"] if "status" in versions else versions
    return {
        **row.to_pylist()[0],
        "tables": listed,
        "live_model_versions": {
            item.segmentation: int(item.model_version) for item in report.records(live)
        },
        "libraries": dict(_library(name) for name in LIBRARIES),
    }


def _library(name: str) -> tuple[str, str | None]:
    try:
        return name, metadata.version(name)
    except metadata.PackageNotFoundError:
        return name, None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, default=_iso, ensure_ascii=False) + "\n"


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value.item()


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
