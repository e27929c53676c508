"""Publish a release: a copy of the allow-listed tables, whole or not at all.

The last node of `dbt build` calls `publish`. It refuses to publish what failed a check or mixes
two runs; then the release that people read yesterday stays (stale but safe).
"""

import hashlib
import json
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from coterie import cards, published_schema, release_folder, report, serving_file, transparency
from coterie.forgetting import forget
from coterie.outside import publishing
from coterie.outside.reading import Session
from coterie.release_order import (
    PublicationRefusedError,
    read_order,
    refuse_breaches,
    refuse_tables,
    refuse_withdrawn,
)
from coterie.warehouse import is_spark

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
LIBRARIES = ("coterie", "dbt-core", "dbt-duckdb", "duckdb", "pandas", "pyarrow", "scikit-learn")


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
            a Spark session, whose published schema then shows the release; or the session of
            `coterie.fit_outside`, which swaps the published schema of PostgreSQL.
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
    order = {**read_order(request), "retained": retained_releases}
    if order["command"] != "build":
        return RELEASES_SCHEMA.empty_table()
    refuse_breaches(order)
    refuse_withdrawn(order)
    row = _row(order, tables)
    ledger = _ledger(previous, row)
    if isinstance(session, Session):
        publishing.publish(session, order, tables, ledger)
        return row
    _, releases = place(session)
    write = _publish_schema if is_spark(session) else _publish_file
    write(session, releases / order["release_id"], order, tables, ledger)
    is_known = previous is not None and order["release_id"] in set(previous["release_id"])
    return RELEASES_SCHEMA.empty_table() if is_known else row


def _publish_file(
    session: Any,
    home: Path,
    order: dict[str, Any],
    tables: pd.DataFrame,
    ledger: pa.Table,
) -> None:
    database, releases = place(session)
    with closing(session.cursor()) as cursor:
        refuse_tables(serving_file.tables_in(cursor, database), home.name, tables)
        release_folder.clean(releases)
        stage = releases / f".tmp-{home.name}"
        frames = serving_file.write(cursor, database, stage, tables, ledger)
    _describe(stage, frames, tables, ledger)
    release_folder.seal(stage)
    release_folder.install(stage, home)
    release_folder.serve(home)
    with closing(session.cursor()) as cursor:
        forget(cursor, home, order["customers_relation"])
    release_folder.retain(home, order["retained"])


def _publish_schema(
    session: Any,
    home: Path,
    order: dict[str, Any],
    tables: pd.DataFrame,
    ledger: pa.Table,
) -> None:
    found = {name for name in tables["relation"] if session.catalog.tableExists(name)}
    refuse_tables(found, home.name, tables)
    release_folder.clean(home.parent)
    faulty = published_schema.stage(session, tables, home.name, ledger)
    if faulty:
        raise PublicationRefusedError(
            f"changed while they were published: {', '.join(faulty)}; run a plain dbt build"
        )
    names = [*sorted(tables["table_name"]), published_schema.LEDGER]
    reported = [
        name for name in names if name in {*report.TABLES, *cards.TABLES, *transparency.TABLES}
    ]
    frames = {name: published_schema.rows_of(session, name, home.name) for name in reported}
    stage = home.with_name(f".tmp-{home.name}")
    stage.mkdir()
    _describe(stage, frames, tables, ledger)
    release_folder.seal(stage)
    release_folder.install(stage, home)
    published_schema.swap(session, names, home.name)
    release_folder.serve(home)
    gone = set(published_schema.forget(session, home.name, order["customers_relation"]))
    for release in release_folder.siblings(home):
        if release.name in gone:
            release_folder.remove(release)
    release_folder.retain(home, order["retained"])
    left = {release.name for release in release_folder.siblings(home)}
    published_schema.retain(session, {home.name, *left})


def place(session: Any) -> tuple[str, Path]:
    """Return the name of the build database, and the folder of releases beside its file."""
    if is_spark(session):
        return "", Path(session.conf.get("spark.coterie.home")).absolute() / "releases"
    name, path = session.execute(
        "select database_name, path from duckdb_databases() "
        "where database_name = current_database()"
    ).fetchall()[0]
    if not path:
        raise PublicationRefusedError(
            "the database is in memory: releases are written beside its file"
        )
    return name, Path(path).absolute().parent / "releases"


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


def _describe(stage: Path, frames: report.Frames, tables: pd.DataFrame, ledger: pa.Table) -> None:
    (stage / "report.html").write_text(report.render(frames), encoding="utf-8")
    versions = frames.get("model_versions", pd.DataFrame({"segmentation": []}))
    cards.write(stage / "cards", frames)
    transparency.write(stage / "transparency", frames)
    manifest = _manifest(stage, versions, tables, ledger.slice(ledger.num_rows - 1))
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


def _sha256(path: Path) -> str | None:
    if not path.exists():  # on Spark the parquet files are the published schema's own
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, default=_iso, ensure_ascii=False) + "\n"


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value.item()
