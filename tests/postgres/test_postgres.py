"""The whole project on a PostgreSQL server of its own, and every table equal to DuckDB's."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cluster import cluster
from loading import connect, load
from parity import Parity
from project import TABLES, Project, environment


@dataclass(frozen=True)
class Warehouse:
    """A cluster with the sources of a project in it, and the project."""

    project: Project
    socket: Path
    scratch: Path

    def build(self, *arguments: str) -> None:
        """Run a dbt command on it, the Python models beside it."""
        place = ["--project-dir", self.project.home, "--profiles-dir", self.project.home]
        command = [sys.executable, "-m", "coterie.fit_outside", *arguments, "--quiet"]
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

    def value(self, sql: str) -> object:
        with connect(self.socket).cursor() as cursor:
            cursor.execute(sql)
            (found,) = cursor.fetchone()
        return found


@pytest.fixture(scope="module")
def server(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Yield a server with the sources of the small company, nothing built yet."""
    scratch = tmp_path_factory.mktemp("postgres")
    for folder in (scratch, *scratch.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o011)
    with cluster(scratch / "server") as socket:
        project = small.clone(scratch / "project")
        load(socket, project.data, "complete_journey", TABLES, scratch / "stage.csv")
        yield Warehouse(project, socket, scratch)


@pytest.fixture(scope="module")
def built(server: Warehouse) -> Warehouse:
    """Return the server with the whole project built and published."""
    server.build("build", "--exclude-resource-type", "test", "unit_test")
    return server


def test_every_table_is_the_same(small: Project, built: Warehouse) -> None:
    """Labels, keys, text and whole numbers equal, doubles within a billionth: no table left out."""
    parity = built.parity(small)
    tables = parity.tables()
    found = {table: parity.difference(table) for table in tables}
    assert len(found) > 200
    assert {table: said for table, said in found.items() if said} == {}
