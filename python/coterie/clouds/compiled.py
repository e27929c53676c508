"""Compile the project for one warehouse: python -m coterie.clouds.compiled snowflake <folder>."""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from coterie.clouds.offline import IS_LATER, ROOT, copy_project, every_source

SELECTED = ["resource_type:model", "resource_type:analysis", "resource_type:test"]


def main(engine: str, folder: Path) -> None:
    """Write <folder>/compiled.json: the SQL of each node, and that of later runs with a star."""
    from dbt.cli.main import dbtRunner

    warnings.simplefilter("ignore")
    project = copy_project(ROOT, folder / "project")
    arguments = _arguments(engine, folder, project)
    parsed = dbtRunner().invoke(["--quiet", "parse", *arguments])
    _stop_on_error(parsed)
    manifest: Any = parsed.result
    manifest.build_flat_graph()
    _answer_columns(manifest)
    found = _compiled(manifest, SELECTED, arguments)
    later = _pretend_a_later_run(manifest)
    found |= {f"{name}*": sql for name, sql in _compiled(manifest, later, arguments).items()}
    (folder / "compiled.json").write_text(json.dumps(found, indent=1))


def _pretend_a_later_run(manifest: Any) -> list[str]:
    """Change what the models are told, and return the names of those that ask."""
    for name, (first, later) in IS_LATER.items():
        macro = manifest.macros[f"macro.coterie.{name}"]
        macro.macro_sql = macro.macro_sql.replace(f"return({first})", f"return({later})")
    asked = {f"macro.coterie.{name}" for name in IS_LATER}
    used = {
        macro.unique_id: asked & {macro.unique_id, *macro.depends_on.macros}
        for macro in manifest.macros.values()
    }
    return [
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        and any(used.get(macro) for macro in node.depends_on.macros)
    ]


def _arguments(engine: str, folder: Path, project: Path) -> list[str]:
    places = {
        "--project-dir": project,
        "--profiles-dir": Path(__file__).parent,
        "--target-path": folder / "target",
        "--log-path": folder / "logs",
        "--vars": json.dumps(every_source(ROOT)),
        "--target": engine,
        "--log-level-file": "none",
    }
    return [str(part) for pair in places.items() for part in pair]


def _compiled(manifest: Any, selected: list[str], arguments: list[str]) -> dict[str, str]:
    from dbt.cli.main import dbtRunner

    offline = ["--no-introspect", "--no-populate-cache", "--select", *selected]
    result = dbtRunner(manifest=manifest).invoke(["--quiet", "compile", *offline, *arguments])
    _stop_on_error(result)
    nodes = [run.node for run in result.result]
    return {node.name: node.compiled_code for node in nodes if node.language == "sql"}


def _stop_on_error(result: Any) -> None:
    if not result.success:
        failed = [run.message for run in result.result or [] if run.status == "error"]
        raise SystemExit(f"{result.exception or ''}\n" + "\n".join(map(str, failed)))


def _answer_columns(manifest: Any) -> None:
    """Let every adapter say of a relation's columns what its YAML says."""
    from dbt.adapters.base import BaseAdapter

    declared = {node.name: node.columns.values() for node in manifest.nodes.values()}

    def columns_of(self: Any, relation: Any) -> list[Any]:
        known = declared.get(relation.identifier, [])
        return [
            self.Column.create(column.name, self.Column.translate_type(column.data_type))
            for column in known
            if column.data_type
        ]

    columns_of._is_available_ = True  # type: ignore[attr-defined]
    kinds = [BaseAdapter]
    while kinds:
        kind = kinds.pop()
        kinds.extend(kind.__subclasses__())
        if "get_columns_in_relation" in vars(kind):
            kind.get_columns_in_relation = columns_of


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
