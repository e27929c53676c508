"""A run of SQL models alone stays light: it imports none of the libraries that fit and measure."""

import json
import subprocess
import sys

from project import Project

HEAVY = {"sklearn", "evidently", "splink", "fairlearn", "pandas", "scipy", "statsmodels"}
SQL = ("tag:staging", "as_of_dates", "int_orders__judged", "segments")
COMMANDS = (
    ("parse",),
    ("compile", "--select", "seg_fits", "measure_drift", "measure_fairness"),
    ("run", "--select", *SQL),
)
SCRIPT = """
import json, sys
from dbt.cli.main import dbtRunner
for command in json.loads(sys.argv[1]):
    done = dbtRunner().invoke([*command, "--quiet"])
    assert done.success, (command, done.exception)
print("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def imported(project: Project, *commands: tuple[str, ...]) -> set[str]:
    """Return the packages that a fresh process has imported when these commands are done."""
    with project.place():
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, json.dumps(commands)],
            capture_output=True,
            text=True,
            cwd=project.home,
            check=True,
        )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_run_of_sql_imports_nothing_heavy(company: Project) -> None:
    packages = imported(company, *COMMANDS)
    assert {"dbt", "duckdb", "coterie"} <= packages
    assert packages & HEAVY == set()
