"""One project built on two engines: DuckDB in a file, Spark on a cluster."""

import os
from pathlib import Path
from typing import Any

import pandas as pd
from cluster import Cluster
from project import Project

# Quick for many small statements; results do not depend on any of it.
SMALL = {
    "COTERIE_SPARK_CATALOG": "in-memory",
    "COTERIE_SPARK_MEMORY": os.environ.get("SPARK_TEST_MEMORY", "1g"),
    "COTERIE_SPARK_PARTITIONS": "2",
    "COTERIE_SPARK_ADAPTIVE": "false",
    "COTERIE_SPARK_CODEGEN": "false",
    "COTERIE_SPARK_JAVA": "-Xss16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
}


class SparkProject(Project):
    """A project that is built on a cluster."""

    cluster: Cluster
    is_green: bool

    def dbt(self, *arguments: str, threads: int = 2, **more: str) -> bool:
        target = {"COTERIE_TARGET": "spark", "COTERIE_SPARK_MASTER": self.cluster.url}
        return super().dbt(*arguments, threads=threads, **{**SMALL, **target, **more})

    @property
    def session(self) -> Any:
        """The session that dbt left open."""
        from dbt.adapters.sparksession.session import current_session

        return current_session()

    def query(self, sql: str) -> pd.DataFrame:
        from coterie.warehouse import to_pandas

        return to_pandas(self.session.sql(sql), 10_000_000)


def on_spark(home: Path, cluster: Cluster) -> SparkProject:
    """Return the project in `home` as one that is built on a cluster."""
    project = SparkProject(home)
    project.cluster = cluster
    return project


def executors(session: Any) -> dict[str, int]:
    """Return the tasks that each executor has run; the driver is none."""
    listed = session.sparkContext._jsc.sc().statusStore().executorList(False)
    found = (listed.apply(index) for index in range(listed.size()))
    return {item.id(): int(item.totalTasks()) for item in found if item.id() != "driver"}
