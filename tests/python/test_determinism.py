"""The same data gives the same release, wherever, in what order and on how many threads.

Each build differs from `small` (2 threads) in everything at once that must not matter.
"""

import random

import duckdb
import pandas as pd
import pytest
from compared import digests
from project import TABLES, Project

SHUFFLED = "shuffled rows and columns, 1 thread"
PLAIN = "the same files, 4 threads"


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    columns = random.Random(5).sample(list(frame), len(frame.columns))
    return frame.sample(frac=1, random_state=5)[columns]


@pytest.fixture(scope="module", params=[SHUFFLED, PLAIN])
def again(
    small: Project, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """Return the small company built from nothing in another folder."""
    project = small.clone(tmp_path_factory.mktemp("again") / request.param.replace(" ", "_"))
    for file in project.home.glob("build.duckdb*"):
        file.unlink()
    if request.param == SHUFFLED:
        for table in TABLES:
            project.spoil(table, shuffled)
    assert project.dbt("build", threads=1 if request.param == SHUFFLED else 4), project.said
    return project


def prints(project: Project) -> pd.Series:
    tables = project.query("select table_name, fingerprint from publication.published_tables")
    return tables.set_index("table_name")["fingerprint"].sort_index()


def test_the_release_has_the_same_fingerprint(small: Project, again: Project) -> None:
    before, after = prints(small), prints(again)
    assert len(before) >= 16
    assert sorted(before.index[before != after]) == [], "these tables differ"
    newest = "select fingerprint, release_id from releases order by published_at desc limit 1"
    mine, other = small.served(newest).iloc[0], again.served(newest).iloc[0]
    assert mine["fingerprint"] == other["fingerprint"]
    assert mine["release_id"] != other["release_id"]


def test_every_table_is_the_same_to_the_last_bit(small: Project, again: Project) -> None:
    """The fingerprint rounds to 9 decimals and sees what is published; here nothing is spared."""
    tables = small.query(
        "select table_schema || '.' || table_name as name from information_schema.tables "
        "where table_schema != 'publication' and table_type = 'BASE TABLE'"
    )["name"]
    volatile = {
        "release_id", "measured_release_id", "run", "joined_in_run", "published_at",
        "fit_seconds", "fit_peak_mib", "serving_release_id", "planned_release_id",
    }  # fmt: skip
    stopwatch = {"segmentation.seg_fits": "parameter not in ('fit_seconds', 'fit_peak_mib')"}
    mine, other = (digests(side, sorted(tables), volatile, stopwatch) for side in (small, again))
    assert len(mine) > 80
    assert [table for table in mine if mine[table] != other[table]] == []


def test_one_cent_changes_the_fingerprint(company: Project) -> None:
    before = prints(company)
    with duckdb.connect(str(company.home / "build.duckdb")) as connection:
        connection.execute(
            "update marts.segments set spend_cents = spend_cents + 1 "
            "where segmentation = 'value' and segment_id = 1"
        )
    assert company.dbt("run", "--select", "published_tables"), company.said
    after = prints(company)
    logs = {"quality_history", "data_sla_results"}  # of which only rows of this very run count
    assert set(before.index[before != after]) - logs == {"segments"}


def test_another_run_on_the_same_data_changes_no_fingerprint(company: Project) -> None:
    """The logs of runs grow, and are published; the data is still the same."""
    before, count = prints(company), "select count(*) as n from input.quality_history"
    rows = company.query(count)["n"][0]
    chosen = ("int_quality_rules__judged+", "int_sla__judged+")
    assert company.dbt("run", "--select", *chosen), company.said
    assert company.query(count)["n"][0] == 2 * rows
    pd.testing.assert_series_equal(prints(company), before)


def test_fingerprints_of_many_rows_fit_into_little_memory(company: Project) -> None:
    """Three million rows: their hashes, joined to one text, want more than the limit."""
    with duckdb.connect(str(company.home / "build.duckdb")) as connection:
        (rows,) = connection.execute("select count(*) from marts.customer_segments").fetchall()[0]
        connection.execute(
            "insert into marts.customer_segments "
            "select segments.* replace (customer_id || '-' || copy as customer_id) "
            "from marts.customer_segments as segments cross join range(?) as copies (copy)",
            [3_000_000 // rows],
        )
    done = company.dbt("run", "--select", "published_tables", COTERIE_MEMORY="150MB")
    assert done, company.said
