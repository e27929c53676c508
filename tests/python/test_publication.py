"""Publication: what a release holds, what is refused, what is kept."""

import json
import os
from datetime import timedelta

import duckdb
import pandas as pd
import published_tables
import pytest
from reader import leftovers, served

from coterie import publication, release_folder
from coterie.publication import PublicationRefusedError, publish


@pytest.fixture
def build(tmp_path):
    """Return an open build database whose tables are of release r1."""
    with duckdb.connect(str(tmp_path / "build.duckdb"), config={"threads": 1}) as connection:
        published_tables.write(connection, "r1")
        yield connection


def released(connection, name, previous=None, retained=3, **changes):
    """Publish what the build database holds."""
    request = published_tables.request(name, **changes)
    return publish(connection, request, published_tables.listing(connection), previous, retained)


def test_a_release_holds_every_table_its_report_its_cards_and_its_manifest(build, tmp_path):
    row = released(build, "r1")
    assert row.schema == publication.RELEASES_SCHEMA
    home = tmp_path / "releases" / "r1"
    names = sorted(published_tables.published())
    assert sorted(path.stem for path in home.glob("*.parquet")) == sorted([*names, "releases"])
    assert {path.name for path in home.rglob("*") if path.is_file()} >= {
        "serving.duckdb", "report.html", "manifest.json", "index.html", "value-v1.md",
        "value-v2.md", "value-v2.html", "value-v2.json", "value-v3.json",
    }  # fmt: skip
    manifest = json.loads((home / "manifest.json").read_text())
    assert manifest["fingerprint"] == row["fingerprint"][0].as_py()
    assert manifest["table_count"] == len(names)
    assert manifest["live_model_versions"] == {"value": 2}
    assert sorted(manifest["tables"]) == names
    assert manifest["tables"]["segments"]["row_count"] == 4
    assert manifest["libraries"]["duckdb"] == duckdb.__version__
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in home.rglob("*.*"))
    serving = tmp_path / "releases" / "serving.duckdb"
    assert serving.stat().st_ino == (home / "serving.duckdb").stat().st_ino


def test_the_serving_file_equals_the_build_and_opens_in_older_clients(build, tmp_path):
    released(build, "r1")
    build.execute(f"attach '{tmp_path}/releases/serving.duckdb' as served (read_only)")
    for name in published_tables.published():
        for left, right in (("marts", "served.main"), ("served.main", "marts")):
            query = f"from (from {left}.{name} except all from {right}.{name})"
            assert build.execute(query).fetchall() == []
    version = build.execute(
        "select tags['storage_version'] from duckdb_databases() where database_name = 'served'"
    ).fetchall()
    assert version == [("v1.5.0+",)]


def test_parquet_bytes_and_fingerprint_do_not_depend_on_the_order_of_rows(build, tmp_path):
    first = released(build, "r1")
    home = tmp_path / "releases" / "r1"
    before = {path.name: path.read_bytes() for path in home.glob("*.parquet")}
    build.execute("create table shuffled as from marts.customer_segments order by md5(customer_id)")
    build.execute("create or replace table marts.customer_segments as from shuffled")
    again = released(build, "r1")
    assert again.equals(first)
    assert {path.name: path.read_bytes() for path in home.glob("*.parquet")} == before


def test_a_breach_refuses_and_yesterdays_release_stays(build, tmp_path):
    released(build, "r1")
    published_tables.write(build, "r2")
    with pytest.raises(PublicationRefusedError, match="2 breached: parity_ratio, silhouette"):
        released(build, "r2", breach_count=2, breaches="parity_ratio, silhouette")
    with pytest.raises(PublicationRefusedError, match="unknown"):
        released(build, "r2", breach_count=float("nan"))
    assert served(tmp_path / "releases") == {"r1"}
    assert not (tmp_path / "releases" / "r2").exists()


@pytest.mark.parametrize("count", [3, float("nan")])
def test_customers_who_withdrew_during_the_build_refuse_it(build, tmp_path, count):
    released(build, "r1")
    published_tables.write(build, "r2")
    with pytest.raises(PublicationRefusedError, match="withdrew consent while"):
        released(build, "r2", withdrawn_count=count)
    assert served(tmp_path / "releases") == {"r1"}


def test_older_releases_with_people_who_withdrew_go(build, tmp_path):
    for name, customers in (("r1", 400), ("r2", 390), ("r3", 390)):
        published_tables.write(build, name, customers)
        released(build, name)
    kept = {path.name for path in (tmp_path / "releases").iterdir() if path.is_dir()}
    assert kept == {"r2", "r3", "latest"}


def test_tables_of_another_run_or_of_none_refuse_and_are_named(build, tmp_path):
    with pytest.raises(PublicationRefusedError, match="than r2: .*segments.*plain dbt build"):
        released(build, "r2")
    build.execute("update marts.segments set release_id = 'r0' where segment_id = 1")
    with pytest.raises(PublicationRefusedError, match="than r1: segments; run a plain dbt build"):
        released(build, "r1")
    build.execute("update marts.segments set release_id = null")
    with pytest.raises(PublicationRefusedError, match="than r1: segments;"):
        released(build, "r1")
    tables = published_tables.listing(build)
    build.execute("drop table marts.segments")
    with pytest.raises(PublicationRefusedError, match="not built: segments; run a plain dbt build"):
        publish(build, published_tables.request("r1"), tables, None, 3)
    with pytest.raises(PublicationRefusedError, match="not built: any table"):
        publish(build, published_tables.request("r1"), tables.iloc[:0], None, 3)
    assert not (tmp_path / "releases").exists()


def test_a_table_that_changed_after_it_was_counted_refuses(build, tmp_path):
    tables = published_tables.listing(build)
    build.execute("delete from marts.segments where segment_id = 1")
    with pytest.raises(PublicationRefusedError, match="segments changed while it was published"):
        publish(build, published_tables.request("r1"), tables, None, 3)
    assert not (tmp_path / "releases" / "serving.duckdb").exists()
    assert len(released(build, "r1")) == 1


def test_an_empty_table_has_no_release_and_is_published(build, tmp_path):
    build.execute("delete from marts.feature_redundancy")
    released(build, "r1")
    assert served(tmp_path / "releases") == {"r1"}


@pytest.mark.parametrize("command", ["run", "retry", "test", None])
def test_only_dbt_build_publishes(build, tmp_path, command):
    row = released(build, "r1", command=command, breach_count=1)
    assert (row.num_rows, row.schema) == (0, publication.RELEASES_SCHEMA)
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize("name", ["../r1", "", "a/b", ".hidden", "latest", "serving.duckdb", None])
def test_a_release_id_that_is_no_folder_name_refuses(build, name):
    with pytest.raises(PublicationRefusedError, match="release_id must"):
        released(build, name)


def test_a_database_in_memory_has_no_folder_to_publish_to():
    with duckdb.connect() as connection:
        published_tables.write(connection, "r1")
        with pytest.raises(PublicationRefusedError, match="in memory"):
            released(connection, "r1")


def test_the_newest_releases_are_kept_and_all_are_listed(build, tmp_path):
    releases, ledger = tmp_path / "releases", None
    (releases / "notes").mkdir(parents=True)
    for number, name in enumerate(["z", "b", "m", "a"]):
        published_tables.write(build, name)
        at = published_tables.AS_OF + timedelta(hours=number)
        row = released(build, name, ledger, 2, published_at=at).to_pandas()
        ledger = row if ledger is None else pd.concat([ledger, row], ignore_index=True)
    assert {path.name for path in releases.iterdir()} == {
        "a", "m", "latest", "notes", "serving.duckdb",
    }  # fmt: skip
    assert os.readlink(releases / "latest") == "a"
    with duckdb.connect(str(releases / "serving.duckdb"), read_only=True) as connection:
        rows = connection.execute("select release_id from releases order by published_at")
        assert [name for (name,) in rows.fetchall()] == ["z", "b", "m", "a"]


def test_a_release_published_with_an_older_clock_is_kept(build, tmp_path):
    released(build, "r1")
    published_tables.write(build, "r0")
    early = pd.Timestamp("2001-01-01", tz="Europe/Berlin")
    row = released(build, "r0", None, 1, published_at=early)
    assert row["published_at"][0].as_py().isoformat() == "2000-12-31T23:00:00"
    assert served(tmp_path / "releases") == {"r0"}
    assert not (tmp_path / "releases" / "r1").exists()


def test_publishing_a_release_again_is_safe_and_adds_no_second_row(build, tmp_path):
    first = released(build, "r1").to_pandas()
    again = released(build, "r1", first)
    assert again.num_rows == 0
    assert served(tmp_path / "releases") == {"r1"}
    assert leftovers(tmp_path / "releases") == []
    with duckdb.connect(str(tmp_path / "releases/serving.duckdb"), read_only=True) as connection:
        assert connection.execute("select release_id from releases").fetchall() == [("r1",)]


def test_a_release_moved_aside_by_a_killed_publication_comes_back(build, tmp_path):
    released(build, "r1")
    releases = tmp_path / "releases"
    os.rename(releases / "r1", releases / ".old-r1")
    release_folder.clean(releases)
    assert (releases / "latest" / "manifest.json").exists()
    assert leftovers(releases) == []


def test_deleted_rows_leave_no_bytes_in_the_new_release(build, tmp_path):
    released(build, "r1")
    releases = tmp_path / "releases"
    secret = b"customer-000123"
    assert secret in (releases / "serving.duckdb").read_bytes()
    build.execute("delete from marts.customer_segments where customer_id = 'customer-000123'")
    for name in published_tables.published():
        build.execute(f"update marts.{name} set release_id = 'r2'")
    released(build, "r2", None, 1)
    files = [path for path in releases.rglob("*") if path.is_file()]
    assert [path.name for path in files if secret in path.read_bytes()] == []


def test_a_file_system_without_hard_links_gets_a_copy(build, tmp_path, monkeypatch):
    def refused(*_):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refused)
    released(build, "r1")
    serving = tmp_path / "releases" / "serving.duckdb"
    assert serving.stat().st_nlink == 1
    assert serving.read_bytes() == (tmp_path / "releases/r1/serving.duckdb").read_bytes()


def test_an_open_transaction_of_the_session_does_not_matter(build, tmp_path):
    build.execute("begin")
    build.execute("create table marts_scratch as select 1 as number")
    released(build, "r1")
    build.execute("commit")
    assert served(tmp_path / "releases") == {"r1"}
    assert [name for (name,) in build.execute("select database_name from duckdb_databases() "
            "where not internal").fetchall()] == ["build"]  # fmt: skip
