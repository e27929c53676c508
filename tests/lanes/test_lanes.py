"""DuckDB 1.5.6, which the lock pins, and 2.0.0 build the same; both open what either serves."""

import shutil

import duckdb
import lane
import pytest
from project import Project


@pytest.fixture(scope="module")
def newer(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the small company, built from nothing on the newer version."""
    project = small.clone(tmp_path_factory.mktemp("lane") / "project")
    for file in project.home.glob("build.duckdb*"):
        file.unlink()
    shutil.rmtree(project.home / "releases")
    assert duckdb.__version__ == "1.5.6"
    assert lane.elsewhere("build", project.home) == "2.0.0"
    return project


def test_every_published_table_is_the_same(small: Project, newer: Project) -> None:
    """As the older version reads them, which every client of today still is."""
    served = [str(project.home / "releases" / "serving.duckdb") for project in (small, newer)]
    found = lane.differences(*served)
    assert found["tables"] >= 50
    assert found["differing"] == {}


def test_every_built_table_is_the_same(small: Project, newer: Project) -> None:
    """Inner tables too; the newer version alone can read both build files."""
    found = lane.elsewhere("differences", *(side.home / "build.duckdb" for side in (small, newer)))
    assert found["tables"] > 200
    assert found["differing"] == {}


def test_both_versions_open_what_either_serves(small: Project, newer: Project) -> None:
    for project in (small, newer):
        file = project.home / "releases" / "serving.duckdb"
        assert lane.read(str(file)) == lane.elsewhere("read", file)


def test_a_single_other_value_is_found(small: Project, company: Project) -> None:
    with duckdb.connect(str(company.home / "build.duckdb")) as connection:
        connection.execute(
            "update marts.segments set customer_count = customer_count + 1 "
            "where segmentation = 'value' and segment_id = 1"
        )
    built = [str(project.home / "build.duckdb") for project in (small, company)]
    assert lane.differences(*built)["differing"] == {"marts.segments": "2 rows"}
