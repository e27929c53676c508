"""The files of a staging folder: a YAML for the source and its models, SQL for each model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from coterie.scaffold.purchases import Wishes
from coterie.scaffold.shape import Shape
from coterie.scaffold.sql import GAP, Model
from coterie.scaffold.tables import Column, ScaffoldError, Table, quoted


def source_columns(columns: list[Column]) -> str:
    """Return the columns of a table as YAML lines."""
    return "\n".join(
        f"          - {{name: {column.name}, data_type: "
        f"{'string' if column.is_text else quoted(column.type.lower())}, "
        f"description: {quoted(f'{column.given}, as the source gives it.')}}}"
        for column in columns
    )


def source_table(table: Table, location: str) -> str:
    """Return a table of the source as YAML; an empty location is a table of the build database."""
    place = (
        f"        config: {{meta: {{external_location: {quoted(location)}}}}}\n" if location else ""
    )
    return (
        f"      - name: {table.name}\n"
        f"        description: {quoted(f'One row per row of {table.file}.')}\n"
        f"{place}        columns:\n{source_columns(table.columns)}"
    )


def contract(project: Path, entity: str) -> dict[str, dict[str, Any]]:
    """Return the columns of an entity in the input contract, by name."""
    path = project / "models" / "input" / f"input_{entity}.yml"
    described = yaml.safe_load(path.read_text())["models"][0]["columns"]
    return {column["name"]: column for column in described}


def model_yaml(project: Path, source: str, model: Model) -> str:
    """Return a model as YAML, its columns in the words of the contract."""
    columns = contract(project, model.entity)
    lines = [
        f"  - name: stg_{source}__{model.entity}",
        f"    description: {quoted(model.description)}",
        "    columns:",
    ]
    for item in model.items:
        column = columns[item.name]
        lines += [
            f"      - name: {item.name}",
            f"        data_type: {column['data_type']}",
            f"        description: {quoted(column['description'])}",
        ]
    return "\n".join(lines)


@dataclass(frozen=True)
class Place:
    """How dbt finds the tables: SQL that reads each (by name), or the schema they lie in."""

    locations: dict[str, str]
    schema: str = ""


def source_head(wishes: Wishes, files: str, schema: str) -> list[str]:
    """Return the source itself as YAML lines: who owns it, and why it may be used."""
    return [
        "sources:",
        f"  - name: {wishes.source}",
        f"    description: {quoted(f'The source {wishes.source}: {files}.')}",
        *([f"    schema: {schema}"] if schema else []),
        "    config:",
        "      enabled: " + quoted("{{ '" + wishes.source + "' in var('sources') }}"),
        "      meta:",
        "        owner: null",
        f"        system: {wishes.source}",
        f"        legal_basis: {quoted(wishes.legal_basis) if wishes.legal_basis else 'null'}",
        f"        time_zone: {wishes.time_zone or 'null'}",
    ]


def source_yaml(
    project: Path, shape: Shape, models: list[Model], wishes: Wishes, place: Place
) -> str:
    """Return the folder's YAML."""
    names = place.locations
    tables = [source_table(part.table, names.get(part.table.name, "")) for part in shape.parts]
    described = [model_yaml(project, wishes.source, model) for model in models]
    files = ", ".join(part.table.file for part in shape.parts)
    head = source_head(wishes, files, place.schema)
    return "\n".join([*head, "    tables:", *tables, "", "models:", *described, ""])


def write_folder(folder: Path, files: dict[str, str], force: bool) -> None:
    """Write the files of a staging folder.

    Raises:
        ScaffoldError: when one of them is there already, and force is not given.

    """
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise ScaffoldError(
            f"{folder}: {', '.join(sorted(there))} exists; nothing was written. "
            "--force writes anew, over what you changed"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content)


def told(shape: Shape, models: list[Model], wishes: Wishes) -> list[str]:
    """Return what to tell: guesses, gaps, columns and files not used, consent."""
    lines = [line for model in models for line in told_of(model)]
    for part in shape.parts:
        used = {match.column.name for match in part.matches.values()}
        rest = [column.given for column in part.table.columns if column.name not in used]
        if rest:
            lines.append(f"  unused   {part.table.file}: {', '.join(rest)}")
    if shape.unused:
        lines.append(f"  unused   {', '.join(shape.unused)}")
    if not wishes.legal_basis:
        lines.append(
            "  consent  no legal basis is stated: nobody of this source may be profiled until "
            f"legal_basis in _{wishes.source}.yml says why, or its consents say who agreed"
        )
    return lines


def told_of(model: Model) -> list[str]:
    """Return the guesses and gaps of a model."""
    if model.entity == "identifiers":
        is_empty = all(item.sql is None for item in model.items)
        told = "  nothing  identifiers: no e-mail, phone or name; people are their ids"
        return [told] if is_empty else []
    return [
        f"  nothing  {model.entity}.{item.name}: {GAP[3:]}"
        if item.sql is None
        else f"  guess    {model.entity}.{item.name}: {item.guess}"
        for item in model.items
        if item.guess or item.sql is None
    ]
