"""Tables too large for frames: what Spark stored as parquet, beside the tables of a DuckDB file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from comparing import EXCLUDED, VOLATILE
from project import Project

# These list the models that Spark does not build.
NAME_MODELS = {"lineage", "published_tables"}
STOPWATCHES = "parameter not in ('fit_seconds', 'fit_peak_mib', 'form', 'fit_hash')"


@dataclass(frozen=True)
class Compared:
    """A table: its layer, its rows on DuckDB, and how many rows only one engine has."""

    layer: str
    table: str
    row_count: int
    differing: int


def compare_stored(one: Project, warehouse: Path, memory: str = "4GB") -> list[Compared]:
    """Compare every stored model and seed as multisets of rows, doubles to six decimals.

    Args:
        one: built on DuckDB.
        warehouse: where Spark keeps its tables: a folder for each schema, one for each table in it.
        memory: the limit of DuckDB, which compares.

    """
    nodes = json.loads((one.home / "target" / "manifest.json").read_text())["nodes"].values()
    found = []
    spill = str(warehouse.with_name("spill"))
    with duckdb.connect(config={"memory_limit": memory, "temp_directory": spill}) as connection:
        connection.execute(f"attach '{one.home / 'build.duckdb'}' as one (read_only)")
        connection.execute("set timezone = 'UTC'")
        for node in nodes:
            is_stored = node["config"]["materialized"] in ("table", "incremental", "seed")
            if is_stored and node["name"] not in EXCLUDED.keys() | NAME_MODELS:
                folder = warehouse / f"{node['schema']}.db" / node["alias"]
                found.append(_compared(connection, node["schema"], node["alias"], folder))
    return found


def by_layer(found: list[Compared]) -> list[str]:
    """Return a table of how many tables and rows of each layer are equal, as lines."""
    lines = ["| layer | tables | rows | equal |", "|---|---|---|---|"]
    for layer in sorted({item.layer for item in found}):
        mine = [item for item in found if item.layer == layer]
        rows, equal = sum(item.row_count for item in mine), sum(not item.differing for item in mine)
        lines.append(f"| {layer} | {len(mine)} | {rows} | {equal} |")
    return lines


def _compared(connection: Any, layer: str, table: str, folder: Path) -> Compared:
    if not any(folder.rglob("*.parquet")):  # Spark has no row, so each of DuckDB's is one too many
        ((rows,),) = connection.execute(f'select count(*) from one."{layer}"."{table}"').fetchall()
        return Compared(layer, table, rows, rows)
    is_partitioned = any("=" in part.name for part in folder.iterdir())
    connection.execute(
        f"create or replace temp view spark as from read_parquet('{folder}/**/*.parquet', "
        f"hive_partitioning = {is_partitioned}, union_by_name = true)"
    )
    described = connection.execute(f'describe one."{layer}"."{table}"').fetchall()
    columns = {row[0]: row[1] for row in described if row[0] not in VOLATILE}
    plain = ", ".join(_plain(name, kind) for name, kind in columns.items())
    kept = f" where {STOPWATCHES}" if "parameter" in columns else ""
    mine, theirs = (
        f"(select {plain} from {name}{kept})" for name in (f'one."{layer}"."{table}"', "spark")
    )
    ((rows, only_mine, only_theirs),) = connection.execute(
        f"select (select count(*) from {mine}), "
        f"(select count(*) from ({mine} except all {theirs})), "
        f"(select count(*) from ({theirs} except all {mine}))"
    ).fetchall()
    return Compared(layer, table, rows, only_mine + only_theirs)


def _plain(name: str, kind: str) -> str:
    rounded = "round(cast({} as double), 6) + 0.0"
    if kind in ("DOUBLE[]", "FLOAT[]"):
        return f'cast(list_transform("{name}", x -> {rounded.format("x")}) as varchar)'
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        return rounded.format(f'"{name}"')
    return f'cast("{name}" as {"timestamp" if kind.startswith("TIMESTAMP") else "varchar"})'
