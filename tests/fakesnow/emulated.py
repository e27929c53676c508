"""Run in the environment of the clouds: SQL compiled for Snowflake, under the emulator fakesnow.

Each model reads what DuckDB built of its parents, and its rows are compared with what DuckDB built
of it: python emulated.py <build.duckdb> <folder> writes <folder>/emulated.json.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from fakesnow.instance import FakeSnow
from snowflake.connector.errors import Error

from coterie.benchmark.compared import VOLATILE
from coterie.clouds.compiled import compile_project

DATABASE = "analytics"


def emulate(file: Path, statements: dict[str, str]) -> dict[str, str]:
    """Return what came of each model that DuckDB built as a table: equal, or what is wrong."""
    server = FakeSnow()
    snowflake: Any = server.connect(DATABASE, "emulated")
    engine: Any = server.duck_conn
    engine.execute(f"attach '{file}' as built (read_only)")
    tables = engine.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'built'"
    ).fetchall()
    for schema, table in tables:
        _show(engine, f"{schema}.{table}")
    _create_views(engine, snowflake, statements)
    found = {}
    for schema, table in sorted(tables):
        if table in statements and "analytics.staging." not in statements[table].lower():
            found[table] = _run(snowflake, engine, f"{schema}.{table}", statements[table])
    return found


def _create_views(engine: Any, snowflake: Any, statements: dict[str, str]) -> None:
    """Make the views between the tables, by Snowflake's words; those of the sources cannot be."""
    views = engine.execute(
        "select schema_name, view_name from duckdb_views() "
        "where database_name = 'built' and not internal and schema_name != 'staging'"
    ).fetchall()
    waiting = {f"{schema}.{name}": statements[name] for schema, name in views if name in statements}
    before = None
    while len(waiting) != before:  # a view may read another
        before = len(waiting)
        for view, sql in list(waiting.items()):
            engine.execute(f"create schema if not exists {DATABASE}.{view.split('.')[0]}")
            with suppress(Error):
                snowflake.cursor().execute(f"create view {DATABASE}.{view} as {sql}")
                del waiting[view]


def _show(engine: Any, table: str) -> None:
    """Show a table of the build as Snowflake would have it: vectors semi-structured."""
    listed = ", ".join(
        f"to_json({name}) as {name}" if kind.endswith("[]") else name
        for name, kind in _columns(engine, f"built.{table}").items()
    )
    engine.execute(f"create schema if not exists {DATABASE}.{table.split('.', maxsplit=1)[0]}")
    engine.execute(f"create view {DATABASE}.{table} as select {listed} from built.{table}")


def _columns(engine: Any, table: str) -> dict[str, str]:
    described = engine.execute(f"describe {table}").fetchall()
    return {name: kind for name, kind, *_ in described}


def _run(snowflake: Any, engine: Any, table: str, sql: str) -> str:
    mine = f"{DATABASE}.emulated.{table.split('.')[1]}"
    try:
        snowflake.cursor().execute(f"create or replace table {mine} as {sql}")
    except Error as error:
        said = str(error).splitlines()[0]
        return "reads a source" if "does not exist" in said else f"refused: {said}"
    except Exception as error:  # a fault of the emulator
        return f"emulator: {type(error).__name__} {str(error).splitlines()[0]}"
    try:
        return _compared(engine, f"{DATABASE}.{table}", mine)
    except Exception as error:
        return f"not comparable: {str(error).splitlines()[0]}"


def _compared(engine: Any, built: str, emulated: str) -> str:
    kinds = {name: kind for name, kind in _columns(engine, built).items() if name not in VOLATILE}
    counts = [engine.execute(f"select count(*) from {t}").fetchone()[0] for t in (built, emulated)]
    if counts[0] != counts[1]:
        return f"rows: {counts[0]} built, {counts[1]} emulated"
    doubles = [name for name, kind in kinds.items() if kind == "DOUBLE"]
    order = ", ".join([name for name in kinds if name not in doubles] + doubles)
    sides = []
    for side, relation in (("one", built), ("two", emulated)):
        values = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in kinds.items())
        sides.append(f"(select {values} from {relation} order by {order}) as {side}")
    apart = ", ".join(
        f"count(*) filter (where not coalesce({_same(name, kind)}, false))"
        for name, kind in kinds.items()
    )
    found = engine.execute(f"select {apart} from {' positional join '.join(sides)}").fetchone()
    wrong = {name: count for name, count in zip(kinds, found, strict=True) if count}
    return f"of {counts[0]} rows differ: {wrong}" if wrong else "equal"


def _same(name: str, kind: str) -> str:
    one, two = f"one.{name}", f"two.{name}"
    if kind != "DOUBLE":
        return f"{one} is not distinct from {two}"
    close = f"abs({one} - {two}) <= 1e-9 * greatest(1, abs({one}), abs({two}))"
    return f"({one} is null and {two} is null) or {close}"


if __name__ == "__main__":
    place = Path(sys.argv[2])
    compiled, _ = compile_project("snowflake", place / "clouds")
    (place / "emulated.json").write_text(json.dumps(emulate(Path(sys.argv[1]), compiled)))
