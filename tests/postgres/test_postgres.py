"""The whole project on a PostgreSQL server of its own, and every table equal to DuckDB's."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psycopg2
import pyarrow as pa
import pytest
from cluster import cluster
from loading import connect, load
from parity import Parity
from project import TABLES, Project, environment

from coterie.outside import publishing


@dataclass(frozen=True)
class Warehouse:
    """A cluster with the sources of a project in it, and the project."""

    project: Project
    socket: Path
    scratch: Path

    def dbt(self, *arguments: str, program: str = "coterie.fit_outside") -> None:
        """Run a dbt command on it: the Python models beside it, or by a plain dbt not at all."""
        place = ["--project-dir", self.project.home, "--profiles-dir", self.project.home]
        command = [sys.executable, "-m", program, *arguments, "--quiet"]
        with environment(COTERIE_POSTGRES_HOST=str(self.socket)):
            done = subprocess.run(
                [*command, "--target", "postgres", *place],
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]

    def parity(self, project: Project) -> Parity:
        file = project.home / "build.duckdb"
        return Parity(file, self.socket, self.scratch / "copied.csv")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(self.socket).cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())


def open_folder(folder: Path) -> Path:
    """Let the server's user pass through a folder of pytest's."""
    for place in (folder, *folder.parents[:3]):
        place.chmod(place.stat().st_mode | 0o011)
    return folder


@pytest.fixture(scope="module")
def server(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Yield a server with the sources of the small company, nothing built yet."""
    scratch = open_folder(tmp_path_factory.mktemp("postgres"))
    with cluster(scratch / "server") as socket:
        project = small.clone(scratch / "project")
        load(socket, project.data, "complete_journey", TABLES, scratch / "stage.csv")
        yield Warehouse(project, socket, scratch)


@pytest.fixture(scope="module")
def built(server: Warehouse) -> Warehouse:
    """Return the server with the whole project built and published."""
    server.dbt("build", "--exclude-resource-type", "test", "unit_test")
    return server


def test_every_table_is_the_same(small: Project, built: Warehouse) -> None:
    """Labels, keys, text and whole numbers equal, doubles within a billionth: no table left out."""
    parity = built.parity(small)
    tables = parity.tables()
    found = {table: parity.difference(table) for table in tables}
    assert len(found) > 200
    assert {table: said for table, said in found.items() if said} == {}


def test_what_has_no_doubles_has_the_same_fingerprint(small: Project, built: Warehouse) -> None:
    """Engines write a double as text each in its own way; all else is the same text."""
    query = "select table_name, relation, fingerprint from publication.published_tables"
    mine = {table: (relation, print_) for table, relation, print_ in small.query(query).to_numpy()}
    doubles = set(
        small.query(
            "select distinct schema_name || '.' || table_name as name from duckdb_columns() "
            "where data_type like 'DOUBLE%'"
        )["name"]
    )
    theirs = dict(built.rows("select table_name, fingerprint from publication.published_tables"))
    exact = {table for table, (relation, _) in mine.items() if relation not in doubles}
    assert len(mine) == len(theirs) >= 49
    assert len(exact) > 15
    # DuckDB has one node more: int_scores__nearest.
    assert {table for table in exact if mine[table][1] != theirs[table]} == {"lineage"}


def test_the_release_is_published_whole(small: Project, built: Warehouse) -> None:
    served = set(small.served("show tables")["name"])
    tables = {
        name
        for (name,) in built.rows(
            "select table_name from information_schema.tables where table_schema = 'published'"
        )
    }
    assert tables == served
    ((published, released, rows),) = built.rows(
        "select max(segments.release_id), max(releases.release_id), count(*) "
        "from published.segments cross join published.releases"
    )
    assert published == released
    assert rows == len(small.served("from segments"))


def test_sql_scores_with_parameters_fitted_elsewhere(small: Project, built: Warehouse) -> None:
    """The fits of DuckDB are copied in; a plain dbt scores by them, and runs no Python."""
    names = (
        "value, segmentation, model_version, component, segment_id, feature, position, parameter"
    )
    moved = f"select {names} from segmentation.seg_fits"
    with connect(built.socket).cursor() as cursor:
        cursor.execute("truncate segmentation.seg_fits, segmentation.seg_scores")
        copy_fits(small, built.scratch / "fits.csv", cursor)
    assert len(small.query(moved)) == len(built.rows(moved))
    scored = "seg_fits+,+seg_scores"
    built.dbt("run", "--select", scored, "--exclude", "seg_fits", program="dbt.cli.main")
    parity = built.parity(small)
    assert built.rows("select count(*) > 1000 from segmentation.seg_scores") == [(True,)]
    for table in ("seg_fits", "seg_components", "seg_standardised", "seg_scores"):
        assert parity.difference(f"segmentation.{table}") == ""


def copy_fits(small: Project, file: Path, cursor: Any) -> None:
    with duckdb.connect(str(small.home / "build.duckdb"), read_only=True) as connection:
        fits = connection.table("segmentation.seg_fits")
        fits.write_csv(str(file), header=False, na_rep="<null>")
        columns = ", ".join(fits.columns)
    with file.open() as lines:
        cursor.copy_expert(
            f"copy segmentation.seg_fits ({columns}) from stdin (format csv, null '<null>')", lines
        )


def test_a_difference_is_found(small: Project, built: Warehouse) -> None:
    with connect(built.socket).cursor() as cursor:
        cursor.execute(
            "update marts.segment_profiles set segment_mean = segment_mean * (1 + 1e-8) "
            "where segment_mean > 1 and segment_id = 1 and segmentation = 'value'"
        )
    assert "'segment_mean'" in built.parity(small).difference("marts.segment_profiles")


class Adapter:
    """What publication uses of dbt's adapter: statements in one transaction."""

    def __init__(self, socket: Path) -> None:
        self.connections = self
        self.connection = connect(socket)
        self.connection.autocommit = False

    def add_query(self, sql: str, bindings: Any = None, **_: Any) -> tuple[None, Any]:
        cursor = self.connection.cursor()
        cursor.execute(sql, bindings)
        return None, cursor


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the socket of a server with nothing in it, and a role that may read."""
    with cluster(open_folder(tmp_path_factory.mktemp("readers")) / "server") as socket:
        with connect(socket, "postgres").cursor() as cursor:
            cursor.execute("create database coterie")
            cursor.execute("create role reader login")
        yield socket


def publish(socket: Path, release_id: str, rows: dict[str, str]) -> None:
    """Publish tables of a release, as the model releases does: a select for each name."""
    adapter = Adapter(socket)
    for name, select in rows.items():
        adapter.add_query(f"drop table if exists {name}")
        adapter.add_query(
            f"create table {name} as select '{release_id}'::text as release_id, * from ({select}) x"
        )
    counts = [
        (name, f"public.{name}", adapter.add_query(f"select count(*) from {name}")[1].fetchone()[0])
        for name in rows
    ]
    listed = pd.DataFrame(counts, columns=["table_name", "relation", "row_count"])
    assert publishing.faulty(adapter, listed, "another") == list(rows)
    assert publishing.faulty(adapter, listed, release_id) == []
    publishing.swap(adapter, pa.table({"release_id": [release_id]}))
    publishing.forget(adapter, f"public.{next(iter(rows))}")
    adapter.connection.commit()
    adapter.connection.close()


def test_readers_see_one_release_or_the_next(empty: Path) -> None:
    """A reader with nothing but its rights reads all the while that releases follow each other."""
    query = (
        "select one.release_id, two.release_id, releases.release_id "
        "from published.one cross join published.two cross join published.releases"
    )
    pair = dict.fromkeys(("one", "two"), "select 'ann' as customer_id")
    publish(empty, "r00", pair)
    with connect(empty).cursor() as cursor:
        cursor.execute("grant usage on schema published to reader")
        cursor.execute("grant select on all tables in schema published to reader")
    with ThreadPoolExecutor() as pool, connect(empty, user="reader").cursor() as reader:
        publisher = pool.submit(lambda: [publish(empty, f"r{i:02}", pair) for i in range(1, 31)])
        seen = []
        while not publisher.done():
            reader.execute(query)
            seen.append(reader.fetchone())
        publisher.result()
    assert len({one for one, _, _ in seen}) > 5
    assert [row for row in seen if len(set(row)) > 1] == []
    assert seen == sorted(seen)


def test_a_reader_between_two_tables_holds_the_next_release(empty: Path) -> None:
    """A statement finds its tables one by one; a transaction does so slowly enough to watch."""
    pair = dict.fromkeys(("one", "two"), "select 'ann' as customer_id")
    publish(empty, "h1", pair)
    connection = connect(empty)
    connection.autocommit = False
    with ThreadPoolExecutor() as pool, connection.cursor() as reader:
        seen = []
        for table in ("two", "one", "releases"):
            reader.execute(f"select release_id from published.{table}")
            seen.append(reader.fetchone()[0])
            if table == "two":
                publisher = pool.submit(publish, empty, "h2", pair)
                assert not wait([publisher], timeout=1.5).done, "it waits for the reader"
        connection.commit()
        publisher.result(timeout=60)
        reader.execute("select release_id from published.one")
        seen.append(reader.fetchone()[0])
    connection.close()
    assert seen == ["h1", "h1", "h1", "h2"]


def test_a_reader_who_never_ends_costs_the_publication_and_not_the_release(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "LONGEST_WAIT_SECONDS", 1)
    pair = dict.fromkeys(("one", "two"), "select 'ann' as customer_id")
    publish(empty, "l1", pair)
    connection = connect(empty)
    connection.autocommit = False
    with connection.cursor() as reader:
        reader.execute("select release_id from published.one")
        with pytest.raises(psycopg2.Error, match="readers have held tables of published"):
            publish(empty, "l2", pair)
        reader.execute("select release_id from published.two")
        assert reader.fetchone() == ("l1",)
    connection.close()


def test_who_withdrew_is_not_in_the_release_before_either(empty: Path) -> None:
    people = "select unnest(array['ann', 'bob', null]) as customer_id"
    publish(empty, "s1", {"customers": people, "segments": "select 2 as size"})
    publish(empty, "s2", {"customers": "select 'ann' as customer_id"})
    with connect(empty).cursor() as cursor:
        cursor.execute("select * from published_before.customers order by customer_id")
        assert cursor.fetchall() == [("s1", "ann"), ("s1", None)]
        cursor.execute("select * from published_before.segments")
        assert cursor.fetchall() == [("s1", 2)]
