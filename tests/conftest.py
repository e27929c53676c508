"""Fixtures shared by all tests: a small company that is built once for all test processes."""

import fcntl
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import settings
from project import Project, write_sample

SMALL_SPEC = {
    "selection": {"bootstraps": 4},
    "segment_count": {"minimum": 3, "maximum": 4},
    "algorithms": ["kmeans"],
}

settings.register_profile("untimed", deadline=None)  # the machine may be busy
settings.load_profile("untimed")

# Files that take a minute or more, in the order in which two workers should begin them: the second
# builds companies of its own while the first builds `small`, and nothing long is left for the end.
LONGEST_FIRST = (
    "test_tutorial.py",
    "test_gate.py",
    "test_scaffold.py",
    "test_story.py",
    "test_bad_input.py",
    "test_determinism.py",
    "test_consent.py",
    "test_story_harbour.py",
    "test_product_entity.py",
    "test_demo.py",
    "test_quality.py",
    "test_harbour_build.py",
    "test_profiles.py",
    "test_identity_runs.py",
    "test_not_available.py",
    "test_movement.py",
    "test_spec.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files (`--no-loadscope-reorder` keeps the order)."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def make_small(home: Path, households: int) -> Project:
    """Return a project on a sample of households, with quick fits; nothing is built yet."""
    project = Project.create(home)
    write_sample(project.data, households)
    path = home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    for segmentation in config["vars"]["segmentations"].values():
        segmentation.update(SMALL_SPEC)
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return project


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small company, built and published once. Tests must not change it: clone it."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    home, built = shared / "small" / "project", shared / "small.built"
    with (shared / "small.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            project = make_small(home, 400)
            assert project.dbt("build"), project.said
            built.touch()
    return Project(home)


@pytest.fixture
def company(small: Project, tmp_path: Path) -> Project:
    """A copy of the built small company, to change and build again."""
    return small.clone(tmp_path / "project")
