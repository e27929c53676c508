"""Publication on Spark: a reader sees the whole of one release, also while the next one comes."""

import threading
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from engines import SparkProject

from coterie import published_schema
from coterie.published_schema import SCHEMA, STORE

TABLES = ["left_side", "middle", "right_side"]
SWAPS = 12
LEDGER = pa.schema([("release_id", pa.string())])
SEEN = " union all ".join(f"select release_id from {SCHEMA}.{name}" for name in TABLES)


@pytest.fixture
def apart(unbuilt: SparkProject, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session on the cluster, with a store and a schema that no build has written."""
    session = unbuilt.session
    for name in ("STORE", "SCHEMA"):
        monkeypatch.setattr(published_schema, name, f"trial_{name.lower()}")
    yield session
    for name in ("trial_schema", "trial_store"):
        session.sql(f"drop database if exists {name} cascade")


def release(session: Any, release_id: str, rows: int = 3) -> pd.DataFrame:
    """Build the tables of a release, and return what is asked for."""
    session.sql("create database if not exists trial_build")
    for name in TABLES:
        session.range(rows).selectExpr(
            "cast(id as string) as customer_id", f"'{release_id}' as release_id"
        ).createOrReplaceTempView(name)
    return pd.DataFrame(
        {"table_name": TABLES, "relation": TABLES, "row_count": [rows] * len(TABLES)}
    )


def publish(session: Any, release_id: str, rows: int = 3) -> list[str]:
    tables = release(session, release_id, rows)
    ledger = pa.Table.from_pylist([{"release_id": release_id}], schema=LEDGER)
    faulty = published_schema.stage(session, tables, release_id, ledger)
    published_schema.swap(session, [*TABLES, published_schema.LEDGER], release_id)
    return faulty


def read(session: Any) -> list[str]:
    sql = SEEN.replace(f"{SCHEMA}.", "trial_schema.")
    return sorted({row["release_id"] for row in session.sql(sql).collect()})


def test_a_statement_never_sees_two_releases(apart: Any) -> None:
    publish(apart, "r0")
    seen: list[list[str]] = []
    errors: list[str] = []
    is_over = threading.Event()

    def look() -> None:
        reader = apart.newSession()
        while not is_over.is_set():
            try:
                seen.append(read(reader))
            except Exception as error:
                errors.append(str(error)[:500])

    thread = threading.Thread(target=look)
    thread.start()
    for number in range(1, SWAPS + 1):
        publish(apart, f"r{number}")
    is_over.set()
    thread.join()
    assert errors == []
    assert all(len(found) == 1 for found in seen), seen
    assert len({found[0] for found in seen}) > 2
    assert read(apart) == [f"r{SWAPS}"]


def test_a_staged_release_is_not_seen(apart: Any) -> None:
    publish(apart, "r1")
    ledger = pa.Table.from_pylist([{"release_id": "r2"}], schema=LEDGER)
    assert published_schema.stage(apart, release(apart, "r2"), "r2", ledger) == []
    assert read(apart) == ["r1"]


def test_rows_that_are_missing_or_of_another_run_are_named(apart: Any) -> None:
    tables = release(apart, "r1")
    tables.loc[0, "row_count"] = 4
    ledger = pa.Table.from_pylist([{"release_id": "r1"}], schema=LEDGER)
    assert published_schema.stage(apart, tables, "r1", ledger) == [TABLES[0]]
    assert published_schema.stage(apart, release(apart, "other"), "r1", ledger) == TABLES


def test_older_releases_and_leftovers_go_with_their_files(apart: Any) -> None:
    for number in (1, 2, 3):
        publish(apart, f"r{number}")
    published_schema.retain(apart, {"r2", "r3"})
    found = apart.sql("select distinct in_release from trial_store.middle").collect()
    assert sorted(row[0] for row in found) == ["r2", "r3"]
    assert not [file for file in apart.table("trial_store.middle").inputFiles() if "r1" in file]


def test_a_release_with_somebody_who_left_is_named(apart: Any) -> None:
    publish(apart, "r1", rows=5)
    publish(apart, "r2", rows=3)
    apart.range(4).selectExpr("cast(id as string) as customer_id").createOrReplaceTempView("people")
    assert published_schema.forget(apart, "r2", "people") == ["r1"]


def test_what_the_build_published_is_shown(distributed: SparkProject) -> None:
    shown = distributed.query(f"select * from {SCHEMA}.customer_segments")
    current = distributed.query(f"select release_id from {SCHEMA}.current_release")["release_id"]
    assert set(shown["release_id"]) == {current[0]}
    ledger = distributed.query(f"select release_id from {SCHEMA}.releases")["release_id"]
    assert list(ledger) == [current[0]]
    stored = distributed.query(f"select distinct in_release from {STORE}.customer_segments")
    assert list(stored["in_release"]) == [current[0]]
    folder = distributed.home / "releases" / current[0]
    assert (folder / "report.html").exists()
    assert (folder / "manifest.json").exists()
