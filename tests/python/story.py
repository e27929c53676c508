"""A story of a company: what was there after each step of it, so that tests can look back."""

from typing import Any

from compared import digests
from project import Project
from runs import QUICK, Run, run

ALWAYS = ("--vars", "refit: always")
VOLATILE = {"release_id", "measured_release_id", "published_at"}
# What hangs on a pin; tables of another run can't be published, so that is left out.
PINNED, UNPUBLISHED = ("build", "--select", "release_pins+"), "path:models/publication"
WHO = ["--by", "Ann", "--reason", "A drill"]


def decide(command: Any, project: Project, *what: str) -> int:
    """Run promote or rollback on a project."""
    database, seeds = str(project.home / "build.duckdb"), str(project.home / "seeds")
    return int(command.main([*what, *WHO, "--database", database, "--seeds", seeds]))


def fits(project: Project) -> int:
    return int(project.query("select count(*) as n from segmentation.seg_fits")["n"][0])


def membership(project: Project) -> dict[str, str]:
    """Return the digest of who is in which segment, with everything that is said of it."""
    return digests(project, ["marts.customer_segments"], VOLATILE, {})


class Story:
    """What was there after each step, so that tests can look back."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.runs: dict[str, Run] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.fits: dict[str, int] = {}
        self.live: dict[str, dict[str, int]] = {}

    def step(self, name: str, *arguments: str, is_partial: bool = False) -> Run:
        done = run(self.project, *arguments, *QUICK, *([UNPUBLISHED] if is_partial else []))
        live = self.project.query("from release.live_versions")
        self.runs[name], self.members[name] = done, membership(self.project)
        self.fits[name] = fits(self.project)
        self.live[name] = dict(zip(live["segmentation"], live["model_version"], strict=True))
        return done
