"""Fixtures: a cluster, and the same data built on DuckDB and on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import Cluster
from engines import SparkProject, on_spark
from project import Project
from report import page, sections_of

# `small` is the company of the other tests, `demo` the demo as it is.
SIZE = os.environ.get("SPARK_TEST_SIZE", "small")
# Where make spark-parity wants the page of the docs.
REPORT = os.environ.get("SPARK_PARITY_REPORT")


@pytest.fixture(scope="session")
def sections() -> Iterator[dict[str, str]]:
    """Sections of the parity report, title -> text, that tests write as they pass.

    Those of an earlier run stay: a process has one session, so each cluster wants one of its own.
    """
    file = Path(REPORT) if REPORT else None
    written = sections_of(file.read_text()) if file and file.exists() else {}
    yield written
    if file:
        file.write_text(page(written))


@pytest.fixture(scope="session")
def data_name() -> str:
    """What was built, in words."""
    return "the small test company" if SIZE == "small" else "the demo"


@pytest.fixture(scope="session")
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The company, for its data and variables. Tests must not change it."""
    if SIZE == "small":
        small: Project = request.getfixturevalue("small")
        return small
    return Project.create(tmp_path_factory.mktemp("embedded") / "project")


@pytest.fixture(scope="session")
def embedded(original: Project) -> Project:
    """The company, built on DuckDB. Tests must not change it."""
    assert SIZE == "small" or original.dbt("build"), original.said
    return original


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One master and two workers."""
    running = Cluster(tmp_path_factory.mktemp("cluster") / "spark")
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def unbuilt(
    embedded: Project, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SparkProject]:
    """The same company with a session on the cluster, and nothing built."""
    home = tmp_path_factory.mktemp("distributed") / "project"
    Project.create(home)
    for part in ("dbt_project.yml", "data"):
        (home / part).unlink(missing_ok=True)
        if (embedded.home / part).exists():
            (home / part).symlink_to(embedded.home / part)
    project = on_spark(home, cluster)
    assert project.dbt("show", "--inline", "select 1 as one"), project.said
    yield project
    project.session.stop()


@pytest.fixture(scope="session")
def distributed(unbuilt: SparkProject) -> SparkProject:
    """The company, built on the cluster."""
    unbuilt.is_green = unbuilt.dbt("build")
    return unbuilt
