"""A copy of the project that compiles without a warehouse: what would be asked there is given."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
# What a model asks a warehouse for while it is compiled, and what it is told instead.
ASKED = {
    "is_incremental": "()",
    "relation_of_last_run": "(schema_name, identifier)",
    "seed_rows": "(name, relation)",
    "load_relation": "(relation)",
    "carries_on": "()",
    "reason_to_rebuild": "(counted)",
    "first_changed_day": "()",
    "has_column": "(relation, name)",
    "checked_columns": "(relation, contract)",
}
# On a first run, and on a later one.
IS_LATER = {
    "is_incremental": ("false", "true"),
    "carries_on": ("false", "true"),
    "relation_of_last_run": (
        "none",
        "api.Relation.create(target.database, schema_name, identifier) if execute",
    ),
}
MACRO = re.compile(r"\{%-?\s*macro (\w+)\(.*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)


def copy_project(root: Path, folder: Path) -> Path:
    """Copy models, seeds, macros, analyses and singular tests; generic and unit tests stay behind.

    Returns:
        the folder of the copy. Its models compile as on a first run.

    """
    for part in ("models", "seeds", "analyses", "assets", "macros"):
        shutil.copytree(root / part, folder / part)
    shutil.copytree(root / "tests" / "data", folder / "tests" / "data")
    shutil.copy(root / "dbt_project.yml", folder)
    shutil.rmtree(folder / "macros" / "tests")
    for path in folder.glob("*/**/*.yml"):
        path.write_text(without_tests(path.read_text()))
    for path in (folder / "macros").rglob("*.sql"):
        path.write_text(without_questions(path.read_text()))
    (folder / "macros" / "offline.sql").write_text(answers(root))
    return folder


def without_tests(text: str) -> str:
    """Return a YAML file of dbt without its tests, which cost most of the time of a parse."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.safe_dump(_pruned(yaml.load(text, loader)), sort_keys=False, width=10_000)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        tests = ("data_tests", "unit_tests")
        return {key: _pruned(part) for key, part in value.items() if key not in tests}
    return [_pruned(part) for part in value] if isinstance(value, list) else value


def without_questions(text: str) -> str:
    """Return a file of macros without those that ask the warehouse."""
    return MACRO.sub(lambda found: "" if found[1] in ASKED else found[0], text)


def answers(root: Path, incremental: bool = False) -> str:
    """Return the macros that answer instead: seeds from their files, columns from the contract."""
    rows = {path.stem: _rows(path) for path in sorted((root / "seeds").glob("*.csv"))}
    said = {
        "is_incremental": IS_LATER["is_incremental"][incremental],
        "relation_of_last_run": IS_LATER["relation_of_last_run"][incremental],
        "load_relation": "none",
        "carries_on": IS_LATER["carries_on"][incremental],
        "reason_to_rebuild": "'it is only compiled'",
        "first_changed_day": "'2017-12-01'",
        "has_column": "execute",
        "seed_rows": f"fromjson({json.dumps(json.dumps(rows))})[name] if execute else []",
        "checked_columns": "contract | map(attribute='name') | list",
    }
    return "\n".join(
        f"{{%- macro {name}{ASKED[name]} -%}}{{{{ return({text}) }}}}{{%- endmacro -%}}"
        for name, text in said.items()
    )


def _rows(path: Path) -> list[dict[str, str | None]]:
    with path.open(newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def every_source(root: Path) -> dict[str, Any]:
    """Return the vars that enable the sources of both companies at once."""
    demo = yaml.safe_load((root / "dbt_project.yml").read_text())["vars"]["sources"]
    harbour = yaml.safe_load((root / "companies" / "harbour.yml").read_text())["sources"]
    return {"sources": {**demo, **harbour}}
