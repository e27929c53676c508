"""A second run on Spark: logs get a partition, nothing else of them is written again."""

from pathlib import Path

import pytest
from engines import SparkProject

BY_RUN = ("input.quality_log", "input.sla_log", "release.live_log", "release.retrain_log")
BY_DATE = "release.membership_log"
APPENDED = ("segmentation.seg_fits", "identity.identity_assignments")


TAKE_OUT = """
{% macro take_out(schema, name, kept) %}
    {% set log = api.Relation.create(schema=schema, identifier=name, type='table') %}
    {% do run_query(delete_strangers(log, 'customer_id', kept, ['segmentation', 'as_of_date'])) %}
{% endmacro %}
"""


def files(project: SparkProject, table: str) -> dict[str, int]:
    """Return when each data file of a table was written."""
    paths = [
        Path(name.removeprefix("file://")) for name in project.session.table(table).inputFiles()
    ]
    return {str(path): path.stat().st_mtime_ns for path in paths}


@pytest.fixture(scope="module")
def before_and_after(distributed: SparkProject) -> dict[str, tuple[dict[str, int], dict[str, int]]]:
    """The files of each table before and after another run."""
    tables = (*BY_RUN, BY_DATE, *APPENDED)
    before = {table: files(distributed, table) for table in tables}
    names = [table.split(".")[1] for table in tables]
    assert distributed.dbt("run", "--select", "retrain_decision", *names), distributed.said[-3000:]
    for table in tables:
        distributed.session.catalog.refreshTable(table)
    return {table: (before[table], files(distributed, table)) for table in tables}


@pytest.mark.parametrize("table", BY_RUN)
def test_a_log_grows_by_a_partition(table, before_and_after) -> None:
    before, after = before_and_after[table]
    assert before
    assert {path: after.get(path) for path in before} == before
    new = {Path(path).parent for path in set(after) - set(before)}
    assert len(new) == 1
    assert not new & {Path(path).parent for path in before}


def test_what_was_observed_is_written_once_for_its_date(before_and_after) -> None:
    before, after = before_and_after[BY_DATE]
    assert {Path(path).parent for path in after} == {Path(path).parent for path in before}


@pytest.mark.parametrize("table", APPENDED)
def test_a_model_that_appends_rewrites_nothing(table, before_and_after) -> None:
    before, after = before_and_after[table]
    assert {path: after.get(path) for path in before} == before


def test_who_left_is_taken_out_of_the_log(distributed: SparkProject) -> None:
    """The statement before the insert: a partition with nobody left goes, the others lose a row."""
    session = distributed.session
    log, people = "release.membership_log", "identity.customers"
    before = distributed.query(f"select customer_id from {log}")
    someone = before["customer_id"].min()
    kept = session.table(people).where(f"customer_id <> '{someone}'")
    kept.write.mode("overwrite").saveAsTable("release.people_left")
    (distributed.home / "macros" / "take_out.sql").write_text(TAKE_OUT)
    arguments = "{schema: release, name: membership_log, kept: release.people_left}"
    assert distributed.dbt("run-operation", "take_out", "--args", arguments), distributed.said
    session.catalog.refreshTable(log)
    after = distributed.query(f"select customer_id from {log}")
    assert len(before) - len(after) == (before["customer_id"] == someone).sum() > 0
    assert someone not in set(after["customer_id"])
