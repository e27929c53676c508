"""The whole project on a Spark cluster: every node is built there, and the numbers are DuckDB's."""

import json
from typing import Any

import pytest
from cluster import WORKERS, Cluster
from comparing import EXCLUDED, Difference, compare_all
from engines import SparkProject, executors
from project import Project
from report import page, render, sections_of


def statuses(project: Project) -> dict[str, str]:
    """Return what became of each node in the last command."""
    results = json.loads((project.home / "target" / "run_results.json").read_text())["results"]
    return {row["unique_id"]: row["status"] for row in results}


@pytest.fixture(scope="session")
def differences(embedded: Project, distributed: SparkProject) -> list[Difference]:
    """Every table of both engines, compared."""
    return compare_all(embedded, distributed)


def test_the_build_is_green(distributed: SparkProject) -> None:
    assert distributed.is_green, distributed.said[-5000:]


def test_every_node_is_built_and_every_test_run(
    embedded: Project, distributed: SparkProject
) -> None:
    on_duckdb, on_spark = statuses(embedded), statuses(distributed)
    assert set(on_duckdb) - set(on_spark) == {f"model.coterie.{name}" for name in EXCLUDED}
    assert {node: on_spark[node] for node in on_spark if on_spark[node] != on_duckdb[node]} == {}


def test_it_ran_on_a_cluster_and_both_workers_worked(
    distributed: SparkProject, cluster: Cluster
) -> None:
    assert distributed.session.sparkContext.master == cluster.url
    assert [worker["coresused"] for worker in cluster.workers()] == [1] * WORKERS
    tasks = executors(distributed.session)
    assert len(tasks) == WORKERS
    assert min(tasks.values()) > 0.2 * max(tasks.values()), tasks


def test_the_numbers_are_those_of_duckdb(differences: list[Difference]) -> None:
    assert len(differences) > 250
    assert [found for found in differences if found.words] == []


def test_the_published_fingerprints_are_equal_for_what_is_exact(
    embedded: Project, distributed: SparkProject
) -> None:
    query = "select table_name, fingerprint from publication.published_tables"
    one, other = (project.query(query) for project in (embedded, distributed))
    exact = set(one["table_name"]) - with_doubles(embedded) - {"lineage"}
    assert len(exact) > 5
    assert pairs(one, exact) == pairs(other, exact)


def with_doubles(project: Project) -> set[str]:
    """Return the names of the tables that have a column of doubles."""
    query = "select table_name from information_schema.columns where data_type like 'DOUBLE%'"
    return set(project.query(query)["table_name"])


def pairs(frame: Any, names: set[str]) -> dict[str, str]:
    chosen = frame[frame["table_name"].isin(names)]
    return dict(zip(chosen["table_name"], chosen["fingerprint"], strict=True))


def test_the_report_tells_all_of_it(
    differences: list[Difference],
    distributed: SparkProject,
    sections: dict[str, str],
    data_name: str,
) -> None:
    text = render(differences, statuses(distributed), executors(distributed.session))
    sections["A build and its tests"] = f"Data: {data_name}.\n\n{text}"
    identity = sum(item.table.startswith("identity.") for item in differences)
    written = page(sections)
    assert f"| identity | {identity} |" in written
    assert sections_of(written) == sections
