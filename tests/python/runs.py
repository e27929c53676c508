"""A dbt command on a project, and everything that a test of the gate wants to know of it."""

import json
import re
from dataclasses import dataclass, field

import pandas as pd
from project import Project

# Tests of keys and of words that are allowed, and unit tests, which see no data: half of all nodes,
# that no test here is about. `small`, the demo and Harbour are built with every one of them.
QUICK = (
    "--exclude",
    "test_type:unit",
    "test_name:not_null",
    "test_name:has_no_nulls",
    "test_name:unique",
    "test_name:is_unique_together",
    "test_name:accepted_values",
)
# Every published table again, so that a part of a build can publish: add it to a `--select`.
PUBLISHED = ("1+published_tables", "path:models/publication")


@dataclass(frozen=True)
class Run:
    """What a command said and left behind."""

    is_green: bool
    said: str
    statuses: dict[str, str]
    releases: frozenset[str]
    served: str
    checks: pd.DataFrame = field(repr=False)

    def breaches(self) -> list[str]:
        """Return the lines that tell a breach."""
        return [line for line in self.said.splitlines() if line.startswith("BREACH ")]

    def status_of(self, word: str) -> str:
        """Return the status of the node of this name, or of the shortest that begins so."""
        matching = (name for name in self.statuses if name.startswith(word))
        return self.statuses[min(matching, key=len)]


def releases_of(project: Project) -> frozenset[str]:
    """Return the names of the release folders."""
    folder = project.home / "releases"
    return frozenset(path.name for path in folder.glob("[!.]*/") if path.name != "latest")


def served_id(project: Project) -> str:
    """Return the one release id in the serving file, '' before the first release."""
    if not (project.home / "releases" / "serving.duckdb").exists():
        return ""
    (found,) = project.served("select distinct release_id from customer_segments")["release_id"]
    return str(found)


def run(project: Project, *arguments: str, at: Project | None = None) -> Run:
    """Run dbt and look around, in the project itself or at its sandbox."""
    place = at or project
    is_green = project.dbt(*arguments)
    results = json.loads((project.home / "target" / "run_results.json").read_text())["results"]
    return Run(
        is_green=is_green,
        said=re.sub(r"\x1b\[\d*m", "", project.said),
        statuses={row["unique_id"].split(".")[2]: row["status"] for row in results},
        releases=releases_of(place),
        served=served_id(place),
        checks=place.query("select * from validation.check_results"),
    )


def write_seed(project: Project, name: str, rows: pd.DataFrame) -> None:
    """Replace a seed by these rows."""
    rows.to_csv(project.home / "seeds" / f"{name}.csv", index=False)


def read_seed(project: Project, name: str) -> pd.DataFrame:
    """Return a seed as it stands."""
    return pd.read_csv(project.home / "seeds" / f"{name}.csv")
