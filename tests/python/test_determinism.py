"""The same data gives the same release, wherever, in what order and on how many threads.

Each build differs from `small` (2 threads) in everything at once that must not matter.
"""

import random
from pathlib import Path

import pandas as pd
import pytest
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


def test_every_table_but_clocks_is_the_same_to_the_last_bit(
    small: Project, again: Project
) -> None:
    """The fingerprint rounds to 9 decimals; here nothing is rounded."""
    volatile = {"release_id", "published_at", "fit_seconds", "fit_peak_mib"}
    tables = small.query(
        "select table_schema || '.' || table_name as name from information_schema.tables "
        "where table_schema not in ('publication', 'staging') and table_name != 'seg_fits'"
    )["name"]
    differing = []
    for table in sorted(tables):
        mine, other = (side.query(f"select * from {table}") for side in (small, again))
        columns = [column for column in mine if column not in volatile]
        words = [
            frame[columns].astype(str).sort_values(columns, ignore_index=True)
            for frame in (mine, other)
        ]
        if not words[0].equals(words[1]):
            differing.append(table)
    assert differing == []


def test_data_that_differ_have_another_fingerprint(small: Project, tmp_path: Path) -> None:
    """One cent more, in one line: the fingerprint is not blind."""
    project = small.clone(tmp_path / "project")

    def one_cent_more(lines: pd.DataFrame) -> pd.DataFrame:
        lines.loc[lines.index[0], "sales_value"] += 0.01
        return lines

    project.spoil("transactions", one_cent_more)
    built = project.dbt("run", "--select", "+revenue_reconciliation", "published_tables")
    assert built, project.said
    before, after = prints(small), prints(project)
    assert before["revenue_reconciliation"] != after["revenue_reconciliation"]
