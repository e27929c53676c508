"""A DuckDB file opened for reading, or in one sentence why it can't be, and what to do."""

from pathlib import Path

import duckdb

PUBLISH = "run dbt build, which publishes it"


class UnreadableError(ValueError):
    """The file can't be read; the message says why and what to do."""


def open_file(database: Path, remedy: str = "run dbt build first") -> duckdb.DuckDBPyConnection:
    """Return a read-only connection.

    Args:
        database: the file.
        remedy: what makes one where there is none.

    Raises:
        UnreadableError: it does not exist, somebody is writing it, or it is no DuckDB file.

    """
    if not database.exists():
        raise UnreadableError(f"{database} does not exist: {remedy}")
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        if "lock" in str(error):
            said = "is being written: wait for the build to end"
        else:
            said = f"is no DuckDB file that can be read ({error}): move it away and {remedy}"
        raise UnreadableError(f"{database} {said}") from error
