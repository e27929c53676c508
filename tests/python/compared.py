"""Tables of two builds, compared by DuckDB to the last bit."""

import duckdb
from project import Project


def differing_rows(
    one: Project, other: Project, table: str, leave_out: set[str], where: str = "true"
) -> int:
    """Return how many rows of 'schema.table' are in only one of two builds, duplicates included.

    Args:
        one: a built project.
        other: another; the table must have the same columns in both.
        table: schema and name.
        leave_out: columns that may differ.
        where: a condition on the rows to compare.

    """
    with duckdb.connect() as connection:
        for name, project in (("one", one), ("other", other)):
            connection.execute(f"attach '{project.home / 'build.duckdb'}' as {name} (read_only)")
        described = connection.execute(f"describe one.{table}").fetchall()
        columns = ", ".join(f'"{row[0]}"' for row in described if row[0] not in leave_out)
        one_rows, other_rows = (
            f"(select {columns} from {name}.{table} where {where})" for name in ("one", "other")
        )
        found = connection.execute(
            f"select count(*) from (({one_rows} except all {other_rows}) "
            f"union all ({other_rows} except all {one_rows}))"
        ).fetchone()
    return int(found[0]) if found else 0


def digests(
    project: Project, tables: list[str], leave_out: set[str], where: dict[str, str]
) -> dict[str, str]:
    """Return rows and sum of row hashes of each table, whatever the order of its rows.

    Args:
        project: a built project.
        tables: 'schema.table'.
        leave_out: columns that do not count.
        where: a condition on the rows of a table; all rows without one.

    """
    found = {}
    with duckdb.connect(str(project.home / "build.duckdb"), read_only=True) as connection:
        for table in tables:
            described = connection.execute(f"describe {table}").fetchall()
            columns = ", ".join(f'"{row[0]}"' for row in described if row[0] not in leave_out)
            found[table] = str(
                connection.execute(
                    f"select count(*), sum(hash({columns})) from {table} "
                    f"where {where.get(table, 'true')}"
                ).fetchone()
            )
    return found
