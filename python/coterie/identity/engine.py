"""A DuckDB of its own, in memory, for comparing records: limited, and gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa


@contextmanager
def opened(**tables: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty database that knows some Arrow tables by name.

    Threads and memory are those of the build: COTERIE_THREADS (2) and COTERIE_MEMORY (1GB). What
    does not fit is written to a folder that is deleted at the end.
    """
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as connection:
        connection.execute(f"set threads = {int(os.environ.get('COTERIE_THREADS', '2'))}")
        connection.execute(f"set memory_limit = '{os.environ.get('COTERIE_MEMORY', '1GB')}'")
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute("set enable_progress_bar = false")
        for name, table in tables.items():
            connection.register(f"{name}_given", table)
            connection.execute(f"create table {name} as select * from {name}_given order by all")
            connection.unregister(f"{name}_given")
        yield connection
