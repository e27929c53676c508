"""The README is short, and what it lists is what there is."""

import re

import yaml
from project import ROOT

README = (ROOT / "README.md").read_text()


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_it_lists_the_published_tables_and_no_other() -> None:
    (section,) = re.findall(r"^## What is published\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| \w.*? \|(.*)\|$", section, re.MULTILINE)
    listed = re.findall(r"`([a-z_]+)`", " ".join(rows))
    tables = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["published_tables"]
    assert listed == [*tables, "releases"]


def test_it_names_the_environment_variables_and_the_files() -> None:
    read = [ROOT / "profiles.yml", *(ROOT / "models" / "staging").glob("*/_*.yml")]
    read.append(ROOT / "python" / "coterie" / "pseudonyms.py")
    variables = set(re.findall(r"COTERIE_[A-Z_]+", "".join(path.read_text() for path in read)))
    told = set(re.findall(r"COTERIE_[A-Z_]+", README)) - {"COTERIE_MY_SHOP"}
    groups = tuple(name for name in told if name.endswith("_"))
    assert told - variables == set(groups)
    assert {name for name in variables - told if not name.startswith(groups)} == set()
    assert all(any(name.startswith(group) for name in variables) for group in groups)
    for path in re.findall(r"\]\(([^)]+)\)", README) + re.findall(r"`(seeds/\w+\.csv)`", README):
        assert (ROOT / path).is_file(), path
