"""The project as SQL of one warehouse, by its own dbt adapter, without a connection."""

import json
import warnings
from pathlib import Path
from typing import Any

from coterie.clouds.fabric import to_fabric
from coterie.clouds.offline import IS_LATER, ROOT, copy_project, every_source

SELECTED = ["resource_type:model", "resource_type:analysis", "resource_type:test"]


def compile_project(engine: str, folder: Path) -> tuple[dict[str, str], list[str]]:
    """Compile every model, analysis and singular test in a folder of its own.

    Returns:
        the SQL by name (with a star that of a later run, where it differs from the first), and the
        names of the models that are Python.

    Raises:
        SystemExit: a node does not compile; the message is dbt's.

    """
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
    if engine == "fabric":
        found = {name: to_fabric(sql) for name, sql in found.items()}
    python = [
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model" and node.language == "python"
    ]
    return found, sorted(python)


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
    result: Any = dbtRunner(manifest=manifest).invoke(["--quiet", "compile", *offline, *arguments])
    _stop_on_error(result)
    nodes = [run.node for run in result.result]
    return {node.name: node.compiled_code for node in nodes if node.language == "sql"}


def _stop_on_error(result: Any) -> None:
    if not result.success:
        failed = [run.message for run in result.result or [] if run.status == "error"]
        raise SystemExit(f"{result.exception or ''}\n" + "\n".join(map(str, failed)))


def _answer_columns(manifest: Any) -> None:
    """Let every adapter say of a relation's columns what its YAML says; a query finds no rows."""
    from agate import Table
    from dbt.adapters.base.impl import BaseAdapter
    from dbt.adapters.base.meta import available
    from dbt.adapters.contracts.connection import AdapterResponse

    declared = {node.name: node.columns.values() for node in manifest.nodes.values()}

    @available
    def columns_of(self: Any, relation: Any) -> list[Any]:
        known = declared.get(relation.identifier, [])
        return [
            self.Column.create(column.name, self.Column.translate_type(column.data_type))
            for column in known
            if column.data_type
        ]

    @available
    def nothing(*_: Any, **__: Any) -> tuple[Any, Any]:
        return AdapterResponse("offline"), Table([], ["nothing"])

    said = {
        "get_columns_in_relation": columns_of,
        "has_capability": lambda *_: True,
        "execute": nothing,
    }
    kinds = [BaseAdapter]
    while kinds:
        kind: Any = kinds.pop()
        kinds.extend(kind.__subclasses__())
        for name in said.keys() & vars(kind).keys():
            setattr(kind, name, said[name])
