"""A `dbt build` of a generated company, in a warehouse of its own.

The project is a copy in which a breached check warns: generated customers need not be fit to
publish, and their release is to be measured too.
"""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "analyses", "tests/data")
DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")


def build(home: Path, data: Path, *arguments: str, memory: str) -> None:
    """Build everything in `home`, tests and publication included, or what `arguments` select.

    Args:
        home: where the project, build.duckdb, releases and what dbt says go.
        data: folder of the tables that `generate` wrote.
        arguments: more of `dbt build`.
        memory: the limit of DuckDB's memory, as 2GB.

    Raises:
        subprocess.CalledProcessError: the build failed; dbt has said why.

    """
    project = lenient_project(home)
    places = {
        "COTERIE_HOME": str(home),
        "COTERIE_MEMORY": memory,
        "COTERIE_COMPLETE_JOURNEY": str(data),
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
    }
    said = ("--quiet", "--target-path", str(home / "target"), "--log-path", str(home))
    command = [*DBT, "build", "--fail-fast", "--threads", "1", *said, *arguments]
    subprocess.run(command, check=True, env=os.environ | places)


def lenient_project(home: Path) -> Path:
    """Return the copy of the project, made anew."""
    project = home / "project"
    shutil.rmtree(project, ignore_errors=True)
    for part in PARTS:
        source, copied = ROOT / part, project / part
        copied.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copied)
    let_pass(project)
    return project


def let_pass(project: Path) -> None:
    """Let breached checks of a project only warn, whatever its `check_policies` say."""
    policies = project / "seeds" / "check_policies.csv"
    with policies.open(newline="") as file:
        rows = [row | {"on_breach": "warn"} for row in csv.DictReader(file)]
    with policies.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
