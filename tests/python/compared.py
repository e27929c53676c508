"""Tables of two builds, compared by DuckDB to the last bit."""

import duckdb
from project import Project

from coterie.benchmark.compared import attached, differing

BUILD = "build.duckdb"


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
        attached(connection, {"one": one.home / BUILD, "other": other.home / BUILD})
        return differing(connection, "one", "other", table, leave_out=leave_out, where=where)


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
    with duckdb.connect(str(project.home / BUILD), read_only=True) as connection:
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
