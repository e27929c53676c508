"""Whether two warehouses say the same: every published table, row by row."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

# Columns of the run, of the release and of the clock.
VOLATILE = {
    "release_id", "measured_release_id", "planned_release_id", "serving_release_id", "run",
    "joined_in_run", "published_at", "fit_seconds", "fit_peak_mib", "libraries",
}  # fmt: skip


def attached(connection: Any, warehouses: dict[str, Path]) -> None:
    """Attach warehouse files for reading, each by its name."""
    for name, file in warehouses.items():
        connection.execute(f"attach '{file}' as {name} (read_only)")


def published(connection: Any, warehouse: str, schemas: Collection[str] = ()) -> list[str]:
    """Return 'schema.table' of the published tables, and of all tables of these schemas."""
    import yaml

    root = Path(__file__).resolve().parents[3]
    config = yaml.safe_load((root / "dbt_project.yml").read_text())
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables where "
        "table_catalog = ? and table_type = 'BASE TABLE' and (list_contains(?, table_schema) "
        "or list_contains(?, table_name)) order by 1",
        [warehouse, list(schemas), config["vars"]["published_tables"]],
    )
    return [table for (table,) in found.fetchall()]


def differing(
    connection: Any,
    one: str,
    other: str,
    table: str,
    *,
    leave_out: Collection[str] = VOLATILE,
    where: str = "true",
) -> int:
    """Return how many rows of a table are in only one of two warehouses, duplicates included.

    Args:
        connection: to which both are attached.
        one: a warehouse; it says which columns there are.
        other: another; the table must have the same columns in both.
        table: schema and name.
        leave_out: columns that may differ.
        where: a condition on the rows to compare.

    """
    described = connection.execute(f"describe {one}.{table}").fetchall()
    columns = ", ".join(f'"{row[0]}"' for row in described if row[0] not in leave_out)
    mine, theirs = (
        f"(select {columns} from {name}.{table} where {where})" for name in (one, other)
    )
    ((rows,),) = connection.execute(
        f"select count(*) from (({mine} except all {theirs}) "
        f"union all ({theirs} except all {mine}))"
    ).fetchall()
    return int(rows)
