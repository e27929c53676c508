"""The command `python -m coterie.scaffold <source> --from <files>`."""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from coterie.scaffold.entities import models
from coterie.scaffold.folder import Place, source_yaml, told, write_folder
from coterie.scaffold.purchases import Wishes
from coterie.scaffold.shape import Shape, shape_of
from coterie.scaffold.tables import ScaffoldError, Table, read_database, read_files, text

SHORTEST = "[a-z][a-z0-9_]*"


def arguments(given: list[str] | None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog="python -m coterie.scaffold", description=__doc__)
    parser.add_argument("source", help="a short name: lower case letters, digits, underscores")
    parser.add_argument(
        "--from", dest="files", type=Path, help="a folder of csv or parquet, or a file"
    )
    parser.add_argument(
        "--schema", help="instead: a schema of the build database (or of --database)"
    )
    parser.add_argument("--database", type=Path, help="a DuckDB file")
    parser.add_argument("--legal-basis", default="", help="why these people may be profiled")
    parser.add_argument("--time-zone", default="", help="of the place: Europe/Berlin")
    parser.add_argument("--times", choices=["utc", "local"], default="utc", help="what times are")
    parser.add_argument("--currency", default="", help="of all amounts: EUR")
    parser.add_argument(
        "--project", type=Path, default=Path(), help="the folder of dbt_project.yml"
    )
    parser.add_argument("--force", action="store_true", help="write over files that are there")
    return parser.parse_args(given)


def checked(wishes: argparse.Namespace) -> None:
    """Stop when the command line cannot be meant.

    Raises:
        ScaffoldError: says which word, and what is allowed.

    """
    if not re.fullmatch(SHORTEST, wishes.source) or "__" in wishes.source:
        raise ScaffoldError(f"{wishes.source}: a source's name is lower case, as in web_shop")
    if (wishes.files is None) == (wishes.schema is None):
        raise ScaffoldError("say either --from <folder or file> or --schema <schema>")
    if wishes.time_zone and wishes.time_zone not in available_timezones():
        raise ScaffoldError(f"--time-zone {wishes.time_zone}: unknown; as in Europe/Berlin")
    if wishes.currency and not re.fullmatch("[A-Z]{3}", wishes.currency):
        raise ScaffoldError(f"--currency {wishes.currency}: three capitals, as in EUR")
    if not (wishes.project / "dbt_project.yml").is_file():
        raise ScaffoldError(f"{wishes.project}: no dbt_project.yml here; say where with --project")


def file_locations(tables: list[Table], files: Path, source: str) -> dict[str, str]:
    """Return how dbt reads each file: its folder can be moved by an environment variable."""
    folder = str((files if files.is_dir() else files.parent).resolve())
    moved = f"{{{{ env_var('COTERIE_{source.upper()}', '{folder}') }}}}"
    return {table.name: table.location.replace(f"'{folder}/", f"'{moved}/") for table in tables}


def database_locations(tables: list[Table], database: Path, schema: str) -> dict[str, str]:
    """Return how dbt reads each table of another DuckDB file."""

    def read(table: Table) -> str:
        name = f'given.{schema}."{table.file}"'
        place = f"read_duckdb({text(str(database.resolve()))}, table_name={text(table.file)}"
        return table.location.replace(name, f"{place}, schema_name={text(schema)})")

    return {table.name: read(table) for table in tables}


def schema_locations(tables: list[Table]) -> dict[str, str]:
    """Return how dbt reads those tables of the build database whose names need quotes."""
    odd = [table for table in tables if table.location[0] == "(" or table.name != table.file]
    return {table.name: table.location.replace("given.", "", 1) for table in odd}


def read(wishes: argparse.Namespace, connection: Any) -> tuple[list[Table], Place]:
    """Return the tables, and how dbt finds them."""
    if wishes.files is not None:
        tables = read_files(wishes.files, connection)
        return tables, Place(file_locations(tables, wishes.files, wishes.source))
    home = Path(os.environ.get("COTERIE_HOME", str(wishes.project)))
    tables = read_database(wishes.database or home / "build.duckdb", wishes.schema, connection)
    if wishes.database:
        return tables, Place(database_locations(tables, wishes.database, wishes.schema))
    return tables, Place(schema_locations(tables), wishes.schema)


def scaffold(wishes: argparse.Namespace) -> list[str]:
    """Write the staging folder of a source; return what to tell.

    Raises:
        ScaffoldError: names file, column and remedy.

    """
    import duckdb

    checked(wishes)
    name = wishes.source
    said = Wishes(name, wishes.time_zone, wishes.times, wishes.currency, wishes.legal_basis)
    with duckdb.connect() as connection:
        tables, place = read(wishes, connection)
        shape = shape_of(tables)
        written = models(shape, said)
    files = {f"stg_{name}__{model.entity}.sql": model.sql for model in written}
    files[f"_{name}.yml"] = source_yaml(wishes.project, shape, written, said, place)
    folder = wishes.project / "models" / "staging" / name
    write_folder(folder, files, wishes.force)
    head = summary(tables, shape, folder, files)
    return [*head, *told(shape, written, said), *what_next(name)]


def summary(tables: list[Table], shape: Shape, folder: Path, files: dict[str, str]) -> list[str]:
    """Return what was read and written."""
    rows = ", ".join(f"{table.file} ({table.rows:,} rows)" for table in tables)
    size = sum(content.count("\n") for name, content in files.items() if name.endswith(".sql"))
    is_total = shape.lines.table is shape.orders.table
    kind = "orders without lines" if is_total else "tables of their own"
    kind = "one row per line of an order" if shape.is_flat else kind
    return [f"Read {rows}: {kind}", f"Wrote {folder}: {len(files)} files, {size} lines of SQL"]


def what_next(source: str) -> list[str]:
    """Return the next step."""
    return [
        "Next: in dbt_project.yml, under vars, sources, write one word:",
        f"    {source}:",
        "(take the others out to build on this one alone), then: dbt build",
    ]


def main(given: list[str] | None = None) -> int:
    """Run the command; return 0, or 2 when it cannot be done, which stderr explains."""
    try:
        print("\n".join(scaffold(arguments(given))))
    except ScaffoldError as error:
        print(f"scaffold: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
